using System.Numerics;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Definitions.Aggregates;

/// <summary>
/// HyperLogLog with hashes of 64 bits and 16,384 registers: a standard error of 0.8 %. The estimate is Ertl's
/// improved raw
/// estimator, which needs no table of biases and reads only how often each rank occurs; those counts are kept, so it
/// is cheap.
/// What it holds depends on the set of hashes alone.
/// </summary>
internal sealed class HyperLogLog
{
    /// <summary>Sets smaller than this are kept exactly.</summary>
    public const int ExactBelow = 1000;

    /// <summary>How many bytes the encoded form takes at the most.</summary>
    public const int EncodedBytes = Registers;

    private const int IndexBits = 14;
    private const int Registers = 1 << IndexBits;
    private const int Ranks = 64 - IndexBits + 2;

    private readonly byte[] ranks = new byte[Registers];
    private readonly int[] counts = new int[Ranks];

    private HyperLogLog()
    {
        counts[0] = Registers;
    }

    public static HyperLogLog Of(IEnumerable<ulong> hashes)
    {
        var sketch = new HyperLogLog();
        foreach (var hash in hashes)
        {
            sketch.Add(hash, out _, out _);
        }

        return sketch;
    }

    /// <summary>Adds a hash; whether a register rose, which one, and from what.</summary>
    public bool Add(ulong hash, out int register, out byte old)
    {
        register = (int)(hash >> (64 - IndexBits));
        // The lowest set bit below the index ends the count of leading zeros.
        var rank = (byte)(BitOperations.LeadingZeroCount((hash << IndexBits) | (1UL << (IndexBits - 1))) + 1);
        old = ranks[register];
        if (rank <= old)
        {
            return false;
        }

        Restore(register, rank);
        return true;
    }

    /// <summary>Sets a register.</summary>
    public void Restore(int register, byte rank)
    {
        counts[ranks[register]]--;
        counts[rank]++;
        ranks[register] = rank;
    }

    public long Estimate()
    {
        const double Count = Registers;
        var z = Count * Tau(1 - (counts[Ranks - 1] / Count));
        for (var rank = Ranks - 2; rank >= 1; rank--)
        {
            z = 0.5 * (z + counts[rank]);
        }

        z += Count * Sigma(counts[0] / Count);
        return (long)Math.Round(Count * Count / (2 * Math.Log(2) * z));
    }

    /// <summary>One byte a register.</summary>
    public void Encode(StateWriter writer) => writer.Bytes(ranks);

    public static HyperLogLog Decode(ref StateReader reader)
    {
        var bytes = reader.Bytes();
        if (bytes.Length != Registers)
        {
            throw new InvalidDataException($"A key's bytes hold a sketch of {bytes.Length} registers.");
        }

        var sketch = new HyperLogLog();
        for (var register = 0; register < Registers; register++)
        {
            if (bytes[register] >= Ranks)
            {
                throw new InvalidDataException($"A key's bytes hold a sketch with the rank {bytes[register]}.");
            }

            sketch.Restore(register, bytes[register]);
        }

        return sketch;
    }

    private static double Sigma(double x)
    {
        if (x == 1)
        {
            return double.PositiveInfinity;
        }

        var (y, z) = (1.0, x);
        double before;
        do
        {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        }
        while (z != before);
        return z;
    }

    private static double Tau(double x)
    {
        if (x is 0 or 1)
        {
            return 0;
        }

        var (y, z) = (1.0, 1 - x);
        double before;
        do
        {
            x = Math.Sqrt(x);
            before = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        }
        while (z != before);
        return z / 3;
    }
}
