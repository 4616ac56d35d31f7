using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Telemetry;

/// <summary>
/// The numbers of one node. Any thread may call; a call costs a dictionary look-up and an interlocked operation, so
/// the
/// engine calls a batch at a time, not a record at a time. The same numbers are readable as Prometheus text
/// (<see cref="PrometheusText"/>) and through the <see cref="Meter"/> named <c>AkkaFeeds</c>.
/// </summary>
public sealed class FeedMetrics : IDisposable
{
    private static readonly string[] Outcomes = [.. Enum.GetValues<Outcome>().Select(Word)];
    private static readonly string[] States = [.. Enum.GetValues<FreshnessState>().Select(Word)];

    private readonly TimeProvider clock;
    private readonly ConcurrentDictionary<(string Feed, string Partition), long> durableAt = new();
    private readonly ConcurrentDictionary<(string Feed, int Slot, FreshnessState State), long> slotKeys = new();
    private readonly ConcurrentDictionary<(string Feed, int Slot), long> watchedKeys = new();
    private readonly Dictionary<string, FreshnessMeter> freshness;
    private readonly string[] feeds;
    private long polledAt;

    /// <summary>Makes the series of each feed, at 0, so that a rate over the first event can be computed.</summary>
    /// <param name="feeds">The names of all feeds: the closed set of the label <c>feed</c>.</param>
    /// <param name="clock">The clock of ages.</param>
    /// <param name="slo">The age that a feed promises, in milliseconds, where it promises one.</param>
    public FeedMetrics(IEnumerable<string> feeds, TimeProvider clock, Func<string, long?>? slo = null)
    {
        this.clock = clock;
        this.feeds = [.. feeds];
        freshness = this.feeds.ToDictionary(
            feed => feed, feed => new FreshnessMeter(slo?.Invoke(feed)), StringComparer.Ordinal);
        foreach (var feed in this.feeds)
        {
            Recoveries.Add(feed, "", 0);
            Gaps.Add(feed, "", 0);
            Rewinds.Add(feed, "", 0);
            SlotRows(feed, isLaneHere: true, 0);
            SlotRows(feed, isLaneHere: false, 0);
            CheckpointSeconds.Touch(feed);
            Array.ForEach(Outcomes, outcome => RecordsTotal.Add(feed, outcome, 0));
            foreach (var reason in Reasons.All)
            {
                QuarantinedTotal.Add(feed, reason, 0);
            }
        }

        PublishThroughMeter();
        ThrownExceptions.Count();
    }

    /// <summary>The numbers of this node's clients.</summary>
    public ClientMetrics Clients { get; } = new();

    /// <summary>How old a feed's records are at each stage.</summary>
    public FreshnessMeter Freshness(string feed) => freshness[feed];

    /// <summary>The feeds' names, in order.</summary>
    internal IEnumerable<string> Feeds => feeds.Order(StringComparer.Ordinal);

    internal Meter Meter { get; } = new("AkkaFeeds");

    internal MetricFamily RecordsTotal { get; } = new(MetricDefinitions.RecordsTotal);

    internal MetricFamily Lag { get; } = new(MetricDefinitions.LagRecords);

    internal MetricFamily CommitLag { get; } = new(MetricDefinitions.CommitLagRecords);

    internal MetricFamily Unaccounted { get; } = new(MetricDefinitions.UnaccountedRecords);

    internal MetricFamily Lost { get; } = new(MetricDefinitions.LostRecords);

    internal MetricFamily Recoveries { get; } = new(MetricDefinitions.RecoveriesTotal);

    internal MetricFamily Gaps { get; } = new(MetricDefinitions.GapsTotal);

    internal MetricFamily Rewinds { get; } = new(MetricDefinitions.RewindsTotal);

    internal MetricFamily SlotRowsTotal { get; } = new(MetricDefinitions.SlotRowsTotal);

    internal MetricFamily QuarantinedTotal { get; } = new(MetricDefinitions.QuarantinedTotal);

    /// <summary>A checkpoint on SQLite takes about 10 ms, and 0.3 s with 92,000 dirty keys; 30 s is beyond every
    /// deadline.</summary>
    internal MetricHistogram CheckpointSeconds { get; } = new(
        MetricDefinitions.CheckpointSeconds, [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]);

    /// <summary>Counts deliveries.</summary>
    public void Records(string feed, Outcome outcome, long count) =>
        RecordsTotal.Add(feed, Outcomes[(int)outcome], count);

    /// <summary>Says how far a lane is behind its log's end, in records.</summary>
    public void SetLag(string feed, string topic, int partition, long records) =>
        Lag.Set(feed, PartitionLabel(topic, partition), records);

    /// <summary>
    /// Says that at <paramref name="durable"/> everything read of the partition was durable: call it when the floor
    /// moves, and when there is nothing that it could move to. The age is computed when it is read, so it grows while
    /// nobody calls.
    /// </summary>
    public void CheckpointAge(string feed, string topic, int partition, DateTimeOffset durable) =>
        durableAt[(feed, PartitionLabel(topic, partition))] = durable.ToUnixTimeMilliseconds();

    /// <summary>Counts one checkpoint of a slot and how long the store took.</summary>
    public void CheckpointTook(string feed, TimeSpan took) => CheckpointSeconds.Observe(feed, took.TotalSeconds);

    /// <summary>Says how far Kafka's commit is behind the floor, in records.</summary>
    public void SetCommitLag(string feed, string topic, int partition, long records) =>
        CommitLag.Set(feed, PartitionLabel(topic, partition), records);

    /// <summary>Says how many offsets the log had lost before they were read, and an operator let go.</summary>
    public void SetLost(string feed, string topic, int partition, long records) =>
        Lost.Set(feed, PartitionLabel(topic, partition), records);

    /// <summary>Says how many records of a partition nothing accounts for; at a standstill this is 0.</summary>
    public void SetUnaccounted(string feed, string topic, int partition, long records) =>
        Unaccounted.Set(feed, PartitionLabel(topic, partition), records);

    /// <summary>Says how many keys of one slot are in a state; the metric is the sum over this node's slots.</summary>
    public void SetKeys(string feed, int slot, FreshnessState state, long keys) =>
        slotKeys[(feed, slot, state)] = keys;

    /// <summary>Says how many keys of one slot are watched; the metric is the sum over this node's slots.</summary>
    public void SetWatched(string feed, int slot, long keys) => watchedKeys[(feed, slot)] = keys;

    /// <summary>Counts a slot that has read its state back from the store.</summary>
    public void Recovered(string feed) => Recoveries.Add(feed, "", 1);

    /// <summary>Counts a gap that a slot reported.</summary>
    public void Gap(string feed) => Gaps.Add(feed, "", 1);

    /// <summary>Counts a rewind of a lane.</summary>
    public void Rewind(string feed) => Rewinds.Add(feed, "", 1);

    /// <summary>Counts rows that came to a slot of this node.</summary>
    public void SlotRows(string feed, bool isLaneHere, long count) =>
        SlotRowsTotal.Add(feed, isLaneHere ? "here" : "elsewhere", count);

    /// <summary>Counts quarantined records; <paramref name="reason"/> is one of <see cref="Reasons"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The reason is not of the closed set, and would be a label without
    /// bound.</exception>
    public void Quarantined(string feed, string reason, long count)
    {
        if (!Reasons.All.Contains(reason))
        {
            throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not one of Reasons.");
        }

        QuarantinedTotal.Add(feed, reason, count);
    }

    /// <summary>Says that the Kafka consumer was polled just now.</summary>
    public void Polled() => Volatile.Write(ref polledAt, clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Takes the gauges of a partition away, because its lane on this node has ended.</summary>
    public void ForgetPartition(string feed, string topic, int partition)
    {
        var label = PartitionLabel(topic, partition);
        Lag.Remove(feed, label);
        CommitLag.Remove(feed, label);
        Unaccounted.Remove(feed, label);
        Lost.Remove(feed, label);
        durableAt.TryRemove((feed, label), out _);
    }

    /// <summary>Takes the keys of a slot away, because it left this node.</summary>
    public void ForgetSlot(string feed, int slot)
    {
        watchedKeys.TryRemove((feed, slot), out _);
        foreach (var state in Enum.GetValues<FreshnessState>())
        {
            slotKeys.TryRemove((feed, slot, state), out _);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    internal IEnumerable<(string First, string Second, double Value)> ReadCheckpointAges()
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return durableAt.Select(pair => (pair.Key.Feed, pair.Key.Partition, Seconds(now - pair.Value)))
            .OrderBy(series => series.Feed, StringComparer.Ordinal)
            .ThenBy(series => series.Partition, StringComparer.Ordinal);
    }

    internal IEnumerable<(string First, string Second, double Value)> ReadKeys()
    {
        var sums = new Dictionary<(string Feed, FreshnessState State), long>();
        foreach (var feed in feeds)
        {
            foreach (var state in Enum.GetValues<FreshnessState>())
            {
                sums[(feed, state)] = 0;
            }
        }

        foreach (var ((feed, _, state), keys) in slotKeys)
        {
            sums[(feed, state)] = sums.GetValueOrDefault((feed, state)) + keys;
        }

        return sums.OrderBy(pair => pair.Key.Feed, StringComparer.Ordinal).ThenBy(pair => pair.Key.State)
            .Select(pair => (pair.Key.Feed, States[(int)pair.Key.State], (double)pair.Value));
    }

    internal IEnumerable<(string First, string Second, double Value)> ReadWatched() =>
        feeds.Order(StringComparer.Ordinal).Select(feed =>
            (feed, "", (double)watchedKeys.Where(slot => slot.Key.Feed == feed).Sum(slot => slot.Value)));

    /// <summary>How long ago the consumer was polled; null before the first poll.</summary>
    internal double? ReadPollAge()
    {
        var at = Volatile.Read(ref polledAt);
        return at == 0 ? null : Seconds(clock.GetUtcNow().ToUnixTimeMilliseconds() - at);
    }

    private static double Seconds(long milliseconds) => Math.Max(0, milliseconds) / 1000.0;

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string PartitionLabel(string topic, int partition) =>
        string.Create(CultureInfo.InvariantCulture, $"{topic}/{partition}");

    private void PublishThroughMeter()
    {
        foreach (var family in (MetricFamily[])
            [RecordsTotal, Recoveries, Gaps, Rewinds, SlotRowsTotal, QuarantinedTotal])
        {
            var definition = family.Definition;
            Meter.CreateObservableCounter(
                definition.Name, () => Measure(definition, family.Read()), definition.Unit, definition.Help);
        }

        foreach (var family in (MetricFamily[])[Lag, CommitLag, Unaccounted, Lost])
        {
            Gauge(family.Definition, family.Read);
        }

        Gauge(MetricDefinitions.CheckpointAgeSeconds, ReadCheckpointAges);
        Gauge(MetricDefinitions.StateKeys, ReadKeys);
        Gauge(MetricDefinitions.WatchedKeys, ReadWatched);
        Gauge(MetricDefinitions.Clients, () => [("", "", Clients.Clients)]);
        Gauge(MetricDefinitions.Subscriptions, () => [("", "", Clients.Subscriptions)]);
        Gauge(MetricDefinitions.SlowClients, () => [("", "", Clients.SlowClients)]);
        Gauge(MetricDefinitions.LongPolls, () => [("", "", Clients.LongPolls)]);
    }

    private void Gauge(MetricDefinition definition,
        Func<IEnumerable<(string First, string Second, double Value)>> read) =>
        Meter.CreateObservableGauge(definition.Name, () => Measure(definition, read()), definition.Unit,
            definition.Help);

    private static IEnumerable<Measurement<double>> Measure(
        MetricDefinition definition, IEnumerable<(string First, string Second, double Value)> series) =>
        series.Select(one => new Measurement<double>(one.Value, Tags(definition, one.First, one.Second)));

    private static KeyValuePair<string, object?>[] Tags(MetricDefinition definition, string first, string second) =>
        definition.Labels.Count switch
        {
            0 => [],
            1 => [new(definition.Labels[0], first)],
            _ => [new(definition.Labels[0], first), new(definition.Labels[1], second)],
        };
}
