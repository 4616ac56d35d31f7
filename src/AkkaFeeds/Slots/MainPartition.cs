using AkkaFeeds.Contracts;

namespace AkkaFeeds.Slots;

/// <summary>
/// Which partition makes a slot's rows, where one makes nearly all of them: with the dashboard key as the Kafka key,
/// and a number of slots that is a multiple of the partitions, that is so. Found by counting, since neither the
/// producer's partitioner nor what the key is made of is ours to know. A slot beside the reader of that partition
/// takes its rows without a network between. Pure.
/// </summary>
/// <param name="known">What was found of the slot before, wherever it lived.</param>
internal sealed class MainPartition((string Topic, int Partition)? known)
{
    /// <summary>How long is counted before it is judged.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Rows in a window below which nothing is judged: a slot with fewer costs as good as nothing wherever it is.
    /// </summary>
    public const int RowsMin = 60;

    private const double ShareMin = 0.9;

    private readonly Dictionary<(string Topic, int Partition), long> rows = [];
    private TimeSpan? since;

    /// <summary>The partition; null where there is none, or too little was seen.</summary>
    public (string Topic, int Partition)? Found { get; private set; } = known;

    /// <summary>Counts rows of a lane.</summary>
    public void Count(LaneId lane, int count)
    {
        var partition = (lane.Topic, lane.Partition);
        rows[partition] = rows.GetValueOrDefault(partition) + count;
    }

    /// <summary>Judges what was counted, once a window has passed.</summary>
    /// <param name="now">Any clock that only goes forward.</param>
    public void Tick(TimeSpan now)
    {
        since ??= now;
        if (now - since < Window)
        {
            return;
        }

        since = now;
        var all = rows.Values.Sum();
        if (all >= RowsMin)
        {
            var most = rows.MaxBy(pair => pair.Value);
            Found = most.Value >= ShareMin * all ? most.Key : null;
        }

        rows.Clear();
    }
}
