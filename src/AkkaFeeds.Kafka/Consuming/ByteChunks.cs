namespace AkkaFeeds.Kafka.Consuming;

/// <summary>
/// Copies the bytes of a batch into few arrays, cut to size. An array stays below the size from which the collector
/// treats it
/// as large (85,000 bytes: such arrays are only freed by a full collection), unless a single field is larger than
/// that.
/// </summary>
internal unsafe struct ByteChunks(long bytesToCome)
{
    private const int ChunkBytesMax = 80_000;

    private byte[] chunk = [];
    private int used;
    private long remaining = bytesToCome;

    public ReadOnlyMemory<byte> Copy(byte* data, int length)
    {
        if (length == 0)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        if (chunk.Length - used < length)
        {
            var size = (int)Math.Max(length, Math.Min(remaining, ChunkBytesMax));
            chunk = GC.AllocateUninitializedArray<byte>(size);
            used = 0;
        }

        new ReadOnlySpan<byte>(data, length).CopyTo(chunk.AsSpan(used));
        var copied = new ReadOnlyMemory<byte>(chunk, used, length);
        used += length;
        remaining -= length;
        return copied;
    }
}
