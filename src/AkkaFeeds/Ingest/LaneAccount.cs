using System.Runtime.CompilerServices;
using AkkaFeeds.Contracts;
using AkkaFeeds.Ingest.Protocol;
using AkkaFeeds.Telemetry;

namespace AkkaFeeds.Ingest;

/// <summary>
/// Counts what a lane read and where it went, apart from the protocol, so that the two can be held against each
/// other: what was
/// read since the lane's start is below the floor or above it, and nowhere else.
/// </summary>
internal sealed class LaneAccount(LaneId lane, FeedMetrics metrics)
{
    private long consumedAtStart;
    private long read;
    private DateTimeOffset floorAt;

    /// <summary>What the ledger lists as quarantined.</summary>
    public QuarantineSum Quarantined { get; private set; } = QuarantineSum.None;

    /// <summary>
    /// The lane begins with what its ledger has counted. The age of its floor counts from here: how old the ledger's
    /// last write is nobody has noted.
    /// </summary>
    public void Begin(LedgerCounts counts, QuarantineSum quarantined, DateTimeOffset now) =>
        (consumedAtStart, Quarantined, floorAt) = (counts.Consumed, quarantined, now);

    /// <summary>Records were read and classified.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Read(ClassifiedBatch batch)
    {
        read += batch.Offsets.Length;
        long filtered = 0, late = 0, quarantined = 0;
        foreach (var outcome in batch.Outcomes)
        {
            filtered += outcome == Outcome.Filtered ? 1 : 0;
            late += outcome == Outcome.Late ? 1 : 0;
            quarantined += outcome == Outcome.Quarantined ? 1 : 0;
        }

        Count(Outcome.Filtered, filtered);
        Count(Outcome.Late, late);
        Count(Outcome.Quarantined, quarantined);
        foreach (var entry in batch.Entries)
        {
            if (entry.Outcome == Outcome.Quarantined)
            {
                metrics.Quarantined(lane.Feed, entry.Reason, 1);
            }
        }
    }

    /// <summary>A slot answered for rows.</summary>
    public void Delivered(long applied, long duplicates, IReadOnlyList<Refusal> refused)
    {
        Count(Outcome.Applied, applied - refused.Count);
        Count(Outcome.Duplicate, duplicates);
        Count(Outcome.Quarantined, refused.Count);
        foreach (var refusal in refused)
        {
            metrics.Quarantined(lane.Feed, refusal.Reason, 1);
        }
    }

    /// <summary>
    /// The lane reads again: so many records above the floor were read in vain, and count once more when they return.
    /// </summary>
    public void Rewound(int records) => read -= records;

    /// <summary>The floor has risen: the ledger lists what was put aside below it.</summary>
    public void FloorRose(LedgerWrite stored, DateTimeOffset now)
    {
        Quarantined = Quarantined.With(stored.Entries);
        floorAt = now;
    }

    /// <summary>Publishes where the lane is.</summary>
    public void Report(LaneProtocol protocol, DateTimeOffset now)
    {
        var below = protocol.Counts.Consumed - consumedAtStart;
        metrics.SetUnaccounted(
            lane.Feed, lane.Topic, lane.Partition, read - below - protocol.RecordsAboveFloor);
        metrics.SetLag(lane.Feed, lane.Topic, lane.Partition, Math.Max(0, protocol.End - protocol.Floor));

        // All that was read was durable up to now: the age of what comes next begins here.
        floorAt = protocol.Floor >= protocol.Position ? now : floorAt;
        metrics.CheckpointAge(lane.Feed, lane.Topic, lane.Partition, floorAt);
    }

    private void Count(Outcome outcome, long count)
    {
        if (count != 0)
        {
            metrics.Records(lane.Feed, outcome, count);
        }
    }
}
