using AkkaFeeds.Contracts.Wire;
using Google.Protobuf;

namespace AkkaFeeds.Nodes.Chunks;

/// <summary>What a chunk came to.</summary>
/// <param name="Whole">The message, with its last chunk.</param>
/// <param name="Lost">What was thrown away and why, in one line, or null.</param>
internal readonly record struct TakenChunk(ByteString? Whole, string? Lost);

/// <summary>
/// Puts the chunks of one connection together. A connection keeps order and a sender finishes one message before it
/// cuts the next, so there is one message at a time: a chunk that does not continue it ends it. What is lost with it
/// is asked for again by whoever waits for it, as everything between nodes is.
/// </summary>
internal sealed class ChunkAssembler(int messageBytesMax)
{
    private byte[] bytes = [];
    private long transfer;
    private int count;
    private int next;
    private int filled;

    /// <summary>How many bytes are held for a message that is on its way.</summary>
    public int HeldBytes => bytes.Length;

    /// <summary>Takes the next chunk that the connection has brought.</summary>
    public TakenChunk Take(Chunk chunk)
    {
        string? lost = null;
        if (chunk.Index == 0)
        {
            lost = next > 0 ? Lose($"another began behind chunk {next} of {count}") : null;
            if (Refusal(chunk) is { } refused)
            {
                return new(null, refused);
            }

            Begin(chunk);
        }
        else if (next == 0)
        {
            // The rest of a message whose loss has been said.
            return default;
        }
        else if (!Continues(chunk))
        {
            return new(null, Lose($"chunk {chunk.Index + 1} of {chunk.Count} came behind chunk {next} of {count}"));
        }

        return Append(chunk.Bytes) is { } wrong ? new(null, wrong) : new(next == count ? Finish() : null, lost);
    }

    private string? Refusal(Chunk chunk) =>
        chunk.Length > messageBytesMax ? $"refused: it has {chunk.Length} bytes, and {messageBytesMax} are allowed"
        : chunk.Length <= 0 || chunk.Count <= 0 ? $"refused: it says {chunk.Length} bytes in {chunk.Count} chunks"
        : null;

    private void Begin(Chunk chunk)
    {
        bytes = GC.AllocateUninitializedArray<byte>((int)chunk.Length);
        (transfer, count, next, filled) = (chunk.Transfer, chunk.Count, 0, 0);
    }

    private bool Continues(Chunk chunk) => chunk.Transfer == transfer && chunk.Index == next && chunk.Count == count
        && chunk.Length == bytes.Length;

    private string? Append(ByteString part)
    {
        var end = filled + (long)part.Length;
        var last = next + 1 == count;
        if (end > bytes.Length || last != (end == bytes.Length))
        {
            return Lose($"chunk {next + 1} of {count} ends at byte {end} of {bytes.Length}");
        }

        part.Span.CopyTo(bytes.AsSpan(filled));
        filled = (int)end;
        next++;
        return null;
    }

    private ByteString Finish()
    {
        var whole = UnsafeByteOperations.UnsafeWrap(bytes);
        Drop();
        return whole;
    }

    private string Lose(string why)
    {
        var lost = $"lost: it has {bytes.Length} bytes, and {why}";
        Drop();
        return lost;
    }

    private void Drop() => (bytes, next, count, filled) = ([], 0, 0, 0);
}
