namespace AkkaFeeds.Slots.Protocol;

/// <summary>Cuts the encoded bytes of a checkpoint so that no event is too large for a journal (rule 14).</summary>
internal static class Pieces
{
    /// <summary>The most bytes of one piece: with its frame the event stays under 1 MiB.</summary>
    public const int BytesMax = 1_000_000;

    /// <summary>The pieces in order, at least one; they share the memory of <paramref name="bytes"/>.</summary>
    /// <param name="checkpointId">The checkpoint.</param>
    /// <param name="bytes">What is cut; owned by the pieces from here on.</param>
    /// <param name="bytesMax">The most bytes of one piece, at least 1.</param>
    public static IReadOnlyList<Piece> Cut(string checkpointId, ReadOnlyMemory<byte> bytes, int bytesMax = BytesMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesMax, 1);
        var count = Math.Max(1, (int)(((long)bytes.Length + bytesMax - 1) / bytesMax));
        var pieces = new Piece[count];
        for (var index = 0; index < count; index++)
        {
            var start = index * bytesMax;
            pieces[index] = new Piece(
                checkpointId, index, count, bytes.Slice(start, Math.Min(bytesMax, bytes.Length - start)));
        }

        return pieces;
    }
}
