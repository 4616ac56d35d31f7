using System.Globalization;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Freshness;

/// <summary>What this node knows of the partitions of one feed.</summary>
/// <param name="clock">The clock.</param>
/// <param name="store">Whether the store answers.</param>
/// <param name="slo">How far behind the reading may be; null for no promise.</param>
/// <param name="slots">The board of the feed's slots.</param>
/// <param name="news">Called when something has changed that the other nodes should know at once.</param>
internal sealed class FeedBoard(TimeProvider clock, StoreBoard store, TimeSpan? slo, SlotBoard slots, Action news)
{
    /// <summary>The condition of a partition whose log has lost records before they were read.</summary>
    public const string LostRange = "lost-range";

    private readonly Lock gate = new();
    // A lane asks its slots each second, and each node is told of it within half a second.
    private static readonly TimeSpan SlotPatience = TimeSpan.FromSeconds(3);

    private readonly Dictionary<(string Topic, int Partition), LaneEntry> entries = [];
    private readonly Dictionary<(string Topic, int Partition), PositionTrail> trails = [];

    // What a lane said last stands when it has ended: its ledger lists that still.
    private readonly Dictionary<(string Topic, int Partition), IReadOnlyList<KeyValuePair<string, long>>> aside = [];
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

    /// <summary>What the slots of the feed are, wherever they live.</summary>
    public SlotBoard Slots => slots;

    /// <summary>Names the partitions that the feed has; until one is reported it counts as unowned.</summary>
    public void Expect(string topic, int partitions)
    {
        lock (gate)
        {
            var known = entries.Count;
            for (var partition = 0; partition < partitions; partition++)
            {
                entries.TryAdd((topic, partition), new LaneEntry(partition, null, openedAt, null));
            }

            if (entries.Count > known)
            {
                Partitions = [.. entries.Keys];
            }
        }
    }

    /// <summary>Takes the report of a lane of this node.</summary>
    public void Report(LaneReport report)
    {
        var key = (report.Lane.Topic, report.Lane.Partition);
        bool isNews;
        lock (gate)
        {
            var before = entries.GetValueOrDefault(key)?.Report;
            isNews = before is null || before.Missing != report.Missing
                || before.HeldSince is null != report.HeldSince is null;
            entries[key] = new LaneEntry(report.Lane.Partition, report, Now(), null);
            Follow(key, report);
        }

        if (isNews)
        {
            news();
        }
    }

    /// <summary>A lane of this node has ended: its partition is unowned from now.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="condition">Why none begins in its place before an operator decides; null where one does.</param>
    public void Ended(LaneId lane, string? condition = null)
    {
        lock (gate)
        {
            // Another node may have begun to read it before this lane was quite at its end.
            var key = (lane.Topic, lane.Partition);
            if (condition is not null || entries.GetValueOrDefault(key) is null or { Node: LaneEntry.ThisNode })
            {
                entries[key] = new LaneEntry(lane.Partition, null, Now(), condition);
            }
        }

        news();
    }

    /// <summary>Takes what another node says of one of its lanes, in this node's time.</summary>
    public void Take(string topic, LaneEntry said)
    {
        lock (gate)
        {
            // Who reads a partition is believed; who has ended, of what he had read himself, or where nobody reads.
            var key = (topic, said.Partition);
            var known = entries.GetValueOrDefault(key);
            if (said.Report is not null || known is null || known.Node == said.Node
                || (known.Report is null && said.Condition is not null))
            {
                entries[key] = said;
                Follow(key, said.Report);
                Partitions = known is null ? [.. entries.Keys] : Partitions;
            }
        }
    }

    /// <summary>The partitions of which the last word is this node's own.</summary>
    public IReadOnlyList<(string Topic, LaneEntry Entry)> Own()
    {
        lock (gate)
        {
            return [.. entries.Where(pair => pair.Value.Node == LaneEntry.ThisNode)
                .Select(pair => (pair.Key.Topic, pair.Value))];
        }
    }

    /// <summary>The node that reads a partition; null where none is known to.</summary>
    public string? ReaderOf(string topic, int partition)
    {
        lock (gate)
        {
            return entries.GetValueOrDefault((topic, partition)) is { Report: not null } entry ? entry.Node : null;
        }
    }

    /// <summary>How many partitions each topic is known to have.</summary>
    public IReadOnlyList<(string Topic, int Partitions)> Topics()
    {
        lock (gate)
        {
            return [.. entries.Keys.GroupBy(key => key.Topic).Select(topic => (topic.Key, topic.Count()))];
        }
    }

    /// <summary>The partitions that nobody reads before an operator decides.</summary>
    /// <param name="condition">Why.</param>
    public IReadOnlyList<(string Topic, int Partition)> HeldBack(string condition)
    {
        lock (gate)
        {
            return [.. entries.Where(pair => pair.Value.Condition == condition).Select(pair => pair.Key)];
        }
    }

    /// <summary>A topic is not read before an operator decides.</summary>
    public void Withhold(string topic, string condition)
    {
        lock (gate)
        {
            foreach (var key in entries.Keys.Where(key => key.Topic == topic).ToList())
            {
                entries[key] = new LaneEntry(key.Partition, null, Now(), condition);
            }
        }

        news();
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

    /// <summary>The state of the feed as a whole, which is that of its worst partition or slot.</summary>
    public FreshnessStatus Status() => slots.IsRebuilding
        ? new FreshnessStatus(FreshnessState.Rebuilding, "recovering")
        : StateOf((_, _) => true, null, (_, _) => null);

    /// <summary>Who reads which partition, by the names that nodes have for each other, in no order.</summary>
    public IReadOnlyList<LaneStatus> Lanes()
    {
        var now = Now();
        lock (gate)
        {
            return [.. entries.Select(pair => new LaneStatus(
                pair.Key.Topic, pair.Key.Partition, pair.Value.Report is null ? null : pair.Value.Node,
                pair.Value.Report?.Position ?? 0, pair.Value.Report?.End ?? 0, pair.Value.Report?.ReadAt ?? 0,
                StaleReason(pair.Value, now)?.Reason ?? pair.Value.Report?.Missing))];
        }
    }

    /// <summary>How many records were quarantined, by reason, each partition's for itself.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Quarantined()
    {
        lock (gate)
        {
            return [.. aside.Values.SelectMany(reasons => reasons)];
        }
    }

    /// <summary>
    /// The state of a view that is neither rebuilding nor blank: stale where the store is down or a partition that
    /// feeds it is unowned, unreachable or behind the SLO; partial where records are known to be missing; else live.
    /// </summary>
    /// <param name="isFeeding">Whether a partition (topic, partition) has made rows of the asking slot.</param>
    /// <param name="quarantinedSince">Since when the key itself misses a record, Unix ms, or null.</param>
    /// <param name="behindSince">
    /// Since when the slot lacks what the lane of a partition has read (<see cref="BehindSince"/>), or null.
    /// </param>
    public FreshnessStatus StateOf(
        Func<string, int, bool> isFeeding, long? quarantinedSince, Func<string, int, long?> behindSince)
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
            List<string>? lost = null;
            foreach (var ((topic, partition), entry) in entries)
            {
                partial ??= entry.Report?.Missing;
                if (entry.Report?.Missing == LostRange)
                {
                    partial = LostRange;
                    (lost ??= []).Add(NameOf(topic, partition));
                }

                if (!isFeeding(topic, partition)
                    || (StaleReason(entry, now) ?? Behind(behindSince(topic, partition))) is not { } found)
                {
                    continue;
                }

                reason = reason is null || found.Reason == "partition-unowned" ? found.Reason : reason;
                since = Math.Min(since, found.Since);
                (missing ??= []).Add(NameOf(topic, partition));
            }

            if (reason is not null)
            {
                missing?.Sort(StringComparer.Ordinal);
                return new FreshnessStatus(FreshnessState.Stale, reason, since, Missing: missing);
            }

            if (entries.Count == 0)
            {
                // No node has said yet which partitions there are: a cluster may have none that reads.
                return new FreshnessStatus(FreshnessState.Stale, "partition-unowned", openedAt);
            }

            return partial is null
                ? FreshnessStatus.Live
                : new FreshnessStatus(
                    FreshnessState.Partial, partial,
                    partial == LostRange ? null : quarantinedSince ?? MissingSince(partial),
                    Missing: lost?.Order(StringComparer.Ordinal).ToList());
        }
    }

    /// <summary>
    /// Since when a slot has not had what the lane of a partition has read, Unix ms, where that is too long: rows are
    /// on their way, or the slot holds them until the store has answered it. A lane of which the slot's node hears
    /// nothing may read on, and be heard by others: its rows would come the same way. Null where it is not too long.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="read">Up to where the slot has read it, exclusive: R.</param>
    public long? BehindSince(string topic, int partition, long read)
    {
        lock (gate)
        {
            var now = Now();
            if (entries.GetValueOrDefault((topic, partition)) is { } entry && IsSilent(entry, now))
            {
                return entry.At;
            }

            return trails.GetValueOrDefault((topic, partition))?.BeyondSince(read) is { } since
                && now - since > SlotPatience.TotalMilliseconds ? since : null;
        }
    }

    // Of what is missing for a reason somebody has to know since when; of several the first.
    private long? MissingSince(string reason)
    {
        var since = long.MaxValue;
        foreach (var entry in entries.Values)
        {
            if (entry.Report is { } report && report.Missing == reason)
            {
                since = report.MissingSince is { } known ? Math.Min(since, known) : long.MinValue;
            }

            if (since == long.MinValue)
            {
                return null;
            }
        }

        return since;
    }

    private static string NameOf(string topic, int partition) =>
        string.Create(CultureInfo.InvariantCulture, $"{topic}/{partition}");

    private (string Reason, long Since)? StaleReason(LaneEntry entry, long now)
    {
        if (entry.Report is not { } report || IsSilent(entry, now))
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

        // A lane that has read nothing yet knows of no instant: what is held is of before the node began.
        var isBehind = report.Position < report.End && now - report.ReadAt > slo?.TotalMilliseconds;
        return isBehind ? ("behind-slo", report.ReadAt == 0 ? openedAt : report.ReadAt) : null;
    }

    private static bool IsSilent(LaneEntry entry, long now) =>
        now - entry.At > FreshnessBoard.ReportPatience.TotalMilliseconds;

    private static (string Reason, long Since)? Behind(long? since) =>
        since is { } known ? ("behind-slo", known) : null;

    private void Follow((string Topic, int Partition) key, LaneReport? report)
    {
        if (report is null)
        {
            return;
        }

        aside[key] = report.Quarantined;
        if (!trails.TryGetValue(key, out var trail))
        {
            trails.Add(key, trail = new PositionTrail());
        }

        trail.Note(report.Position, Now());
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
