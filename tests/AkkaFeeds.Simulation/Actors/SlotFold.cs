using AkkaFeeds.Contracts;
using AkkaFeeds.Simulation.Log;
using AkkaFeeds.Simulation.Store;

namespace AkkaFeeds.Simulation.Actors;

/// <summary>The folded state of a slot: for each key and log how many rows, and what they sum up to.</summary>
internal sealed class SlotFold(Keys keys, int logCount)
{
    private readonly KeySum[]?[] sums = new KeySum[keys.Count][];
    private readonly KeySum[] totals = new KeySum[logCount];
    private readonly SortedSet<int> dirty = [];

    /// <summary>All keys together, by log.</summary>
    public ReadOnlySpan<KeySum> Totals => totals;

    public KeySum SumOf(int key, int log) => sums[key]?[log] ?? default;

    public void Fold(RowBlock block, int row)
    {
        var fields = block.FieldsOf(row);
        var id = fields[0].AsLong;
        var log = (int)(id >> 48);
        var key = (int)fields[2].AsLong;
        var digest = Rng.Mix((ulong)id);
        ref var sum = ref (sums[key] ??= new KeySum[logCount])[log];
        sum = new KeySum(sum.Count + 1, sum.Digest + digest);
        totals[log] = new KeySum(totals[log].Count + 1, totals[log].Digest + digest);
        dirty.Add(key);
    }

    /// <summary>
    /// The keys that changed since the last capture, or all of them; later changes are dirty
    /// again.
    /// </summary>
    public IReadOnlyList<(int Key, KeySum[] Sums)> Capture(bool all)
    {
        var captured = new List<(int, KeySum[])>();
        for (var key = 0; key < sums.Length; key++)
        {
            if (sums[key] is { } held && (all || dirty.Contains(key)))
            {
                captured.Add((key, [.. held]));
            }
        }

        dirty.Clear();
        return captured;
    }

    /// <summary>Puts back what a checkpoint says of a key.</summary>
    public void Restore(int key, int log, KeySum sum)
    {
        ref var held = ref (sums[key] ??= new KeySum[logCount])[log];
        totals[log] =
            new KeySum(totals[log].Count + sum.Count - held.Count, totals[log].Digest + sum.Digest - held.Digest);
        held = sum;
    }
}
