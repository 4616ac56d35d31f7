namespace AkkaFeeds.Slots.Protocol;

/// <summary>
/// Puts checkpoints together again while a journal is replayed (rule 16). Only a checkpoint with all its pieces, at
/// consecutive sequence numbers, counts: a crash between two pieces, or a fence behind the first, leaves one that
/// never became durable, and clean-up may leave the tail of one that a snapshot has replaced.
/// </summary>
internal sealed class PieceAssembler
{
    private readonly List<ReadOnlyMemory<byte>> parts = [];
    private string? checkpointId;
    private int count;
    private long nextSequence;

    /// <summary>How many checkpoints were begun and are incomplete: they were ignored.</summary>
    public int Incomplete { get; private set; }

    /// <summary>Takes the next event of the journal that is a piece.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="sequence">The event's sequence number.</param>
    /// <param name="whole">The whole bytes, where this piece completed its checkpoint.</param>
    /// <returns>Whether it did.</returns>
    public bool TryComplete(Piece piece, long sequence, out ReadOnlyMemory<byte> whole)
    {
        whole = default;
        var follows = checkpointId == piece.CheckpointId && count == piece.Count && parts.Count == piece.Index
            && nextSequence == sequence;
        if (!follows)
        {
            Interrupt();
            if (piece.Index != 0)
            {
                return false;
            }

            checkpointId = piece.CheckpointId;
            count = piece.Count;
        }

        parts.Add(piece.Bytes);
        nextSequence = sequence + 1;
#if DEFECT_PIECES_MISSING
        if (parts.Count < Math.Min(count, 1))
#else
        if (parts.Count < count)
#endif
        {
            return false;
        }

        whole = Complete();
        return true;
    }

    /// <summary>Another event stands between two pieces, or the journal ends: what was begun is given up.</summary>
    public void Interrupt()
    {
        if (checkpointId is not null)
        {
            Incomplete++;
        }

        Clear();
    }

    private ReadOnlyMemory<byte> Complete()
    {
        var whole = parts[0];
        if (parts.Count > 1)
        {
            var bytes = new byte[parts.Sum(part => part.Length)];
            var at = 0;
            foreach (var part in parts)
            {
                part.CopyTo(bytes.AsMemory(at));
                at += part.Length;
            }

            whole = bytes;
        }

        Clear();
        return whole;
    }

    private void Clear()
    {
        parts.Clear();
        checkpointId = null;
        count = 0;
    }
}
