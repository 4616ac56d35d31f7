using System.Buffers.Binary;

namespace AkkaFeeds.Contracts;

/// <summary>The hash of Kafka's default partitioner, so that slots can be laid beside partitions.</summary>
public static class Murmur2
{
    private const uint Seed = 0x9747b28c;
    private const uint Multiplier = 0x5bd1e995;

    /// <summary>The hash with its sign bit cleared, as Kafka's <c>toPositive(murmur2(bytes))</c>.</summary>
    public static int Positive(ReadOnlySpan<byte> bytes)
    {
        var hash = Seed ^ (uint)bytes.Length;
        var rest = bytes;
        while (rest.Length >= 4)
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(rest) * Multiplier;
            word ^= word >> 24;
            hash = (hash * Multiplier) ^ (word * Multiplier);
            rest = rest[4..];
        }

        if (rest.Length >= 3)
        {
            hash ^= (uint)rest[2] << 16;
        }

        if (rest.Length >= 2)
        {
            hash ^= (uint)rest[1] << 8;
        }

        if (rest.Length >= 1)
        {
            hash = (hash ^ rest[0]) * Multiplier;
        }

        hash ^= hash >> 13;
        hash *= Multiplier;
        hash ^= hash >> 15;
        return (int)(hash & 0x7fffffff);
    }
}
