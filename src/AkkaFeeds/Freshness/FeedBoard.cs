using System.Globalization;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Freshness;

/// <summary>What this node knows of the partitions of one feed.</summary>
/// <param name="clock">The clock.</param>
/// <param name="store">Whether the store answers.</param>
/// <param name="slo">How far behind the reading may be; null for no promise.</param>
internal sealed class FeedBoard(TimeProvider clock, StoreBoard store, TimeSpan? slo)
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string Topic, int Partition), Entry> entries = [];
    private readonly HashSet<int> rebuilding = [];
    private readonly long openedAt = clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The partitions that the feed has, as far as they are known.</summary>
    public IReadOnlyList<(string Topic, int Partition)> Partitions { get; private set; } = [];

    /// <summary>
    /// Those that a recovered slot has to wait for: not the ones that nobody reads before an operator decides.
    /// </summary>
    public IReadOnlyList<(string Topic, int Partition)> Awaited
    {
        get
        {
            lock (gate)
            {
                return [.. entries.Where(entry => entry.Value.Condition is null).Select(entry => entry.Key)];
            }
        }
    }

    /// <summary>Names the partitions that the feed has; until one is reported it counts as unowned.</summary>
    public void Expect(string topic, int partitions)
    {
        lock (gate)
        {
            for (var partition = 0; partition < partitions; partition++)
            {
                entries.TryAdd((topic, partition), new Entry(null, openedAt));
            }

            Partitions = [.. entries.Keys];
        }
    }

    /// <summary>Takes a lane's report.</summary>
    public void Report(LaneReport report)
    {
        lock (gate)
        {
            entries[(report.Lane.Topic, report.Lane.Partition)] = new Entry(report, Now());
        }
    }

    /// <summary>A lane has ended: its partition is unowned from now.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="condition">Why none begins in its place before an operator decides; null where one does.</param>
    public void Ended(LaneId lane, string? condition = null)
    {
        lock (gate)
        {
            entries[(lane.Topic, lane.Partition)] = new Entry(null, Now(), condition);
        }
    }

    /// <summary>A topic is not read before an operator decides.</summary>
    public void Withhold(string topic, string condition)
    {
        lock (gate)
        {
            foreach (var partition in entries.Keys.Where(key => key.Topic == topic).ToList())
            {
                entries[partition] = new Entry(null, Now(), condition);
            }
        }
    }

    /// <summary>
    /// The instant up to which every partition has been read, Unix ms; 0 before the first contact with each.
    /// </summary>
    public long ReadUntil()
    {
        lock (gate)
        {
            return entries.Count == 0 ? 0 : entries.Values.Min(entry => entry.Report?.ReadAt ?? 0);
        }
    }

    /// <summary>Whether a slot of this node is as far as the log stood when it recovered.</summary>
    public void SlotIs(int index, bool isRebuilding)
    {
        lock (gate)
        {
            if (isRebuilding)
            {
                rebuilding.Add(index);
            }
            else
            {
                rebuilding.Remove(index);
            }
        }
    }

    /// <summary>The state of the feed as a whole, which is that of its worst partition or slot.</summary>
    public FreshnessState State()
    {
        lock (gate)
        {
            if (rebuilding.Count > 0)
            {
                return FreshnessState.Rebuilding;
            }
        }

        return StateOf((_, _) => true, null).State;
    }

    /// <summary>
    /// The state of a view that is neither rebuilding nor blank: stale where the store is down or a partition that
    /// feeds it is unowned, unreachable or behind the SLO; partial where records are known to be missing; else live.
    /// </summary>
    /// <param name="isFeeding">Whether a partition (topic, partition) has made rows of the asking slot.</param>
    /// <param name="quarantinedSince">Since when the key itself misses a record, Unix ms, or null.</param>
    public FreshnessStatus StateOf(Func<string, int, bool> isFeeding, long? quarantinedSince)
    {
        if (store.DownSince is { } down)
        {
            return new FreshnessStatus(FreshnessState.Stale, "store-down", down);
        }

        var now = Now();
        lock (gate)
        {
            string? reason = null;
            var since = long.MaxValue;
            List<string>? missing = null;
            string? partial = quarantinedSince is null ? null : "quarantined";
            foreach (var ((topic, partition), entry) in entries)
            {
                partial ??= entry.Report?.Missing;
                if (!isFeeding(topic, partition) || StaleReason(entry, now) is not { } found)
                {
                    continue;
                }

                reason = reason is null || found.Reason == "partition-unowned" ? found.Reason : reason;
                since = Math.Min(since, found.Since);
                (missing ??= []).Add(string.Create(CultureInfo.InvariantCulture, $"{topic}/{partition}"));
            }

            if (reason is not null)
            {
                missing?.Sort(StringComparer.Ordinal);
                return new FreshnessStatus(FreshnessState.Stale, reason, since, Missing: missing);
            }

            return partial is null
                ? FreshnessStatus.Live
                : new FreshnessStatus(FreshnessState.Partial, partial, quarantinedSince ?? openedAt);
        }
    }

    private (string Reason, long Since)? StaleReason(Entry entry, long now)
    {
        if (entry.Report is not { } report || now - entry.At > FreshnessBoard.ReportPatience.TotalMilliseconds)
        {
            return (entry.Condition ?? "partition-unowned", entry.At);
        }

        if (now - report.ContactAt > FreshnessBoard.ContactPatience.TotalMilliseconds)
        {
            return ("source-unreachable", report.ContactAt);
        }

        if (report.HeldSince is { } held && now - held > FreshnessBoard.TransactionPatience.TotalMilliseconds)
        {
            return ("open-transaction", held);
        }

        var behind = now - report.ReadAt;
        return slo is { } promise && report.Position < report.End && behind > promise.TotalMilliseconds
            ? ("behind-slo", report.ReadAt)
            : null;
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private sealed record Entry(LaneReport? Report, long At, string? Condition = null);
}
