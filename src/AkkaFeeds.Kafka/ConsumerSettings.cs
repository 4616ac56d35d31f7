using System.Collections.Immutable;
using System.Globalization;
using Confluent.Kafka;

namespace AkkaFeeds.Kafka;

/// <summary>Settings of consumers that read bytes.</summary>
public static class ConsumerSettings
{
    /// <summary>
    /// Keys and values as the bytes that they are: the cheapest form, in which no record can be poison.
    /// </summary>
    public static ConsumerSettings<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> Raw() =>
        ConsumerSettings<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>.Create();
}

/// <summary>
/// Settings of a consumer: immutable, each <c>WithX</c> returns a copy. The client's own settings are librdkafka's
/// names
/// (<see cref="WithProperty"/>) over defaults that lose nothing in silence; docs/kafka.md lists them.
/// </summary>
public sealed record ConsumerSettings<TKey, TValue>
{
    private const string PollInterval = "max.poll.interval.ms";

    private static readonly ImmutableDictionary<string, string> Defaults = new Dictionary<string, string>
    {
        ["auto.offset.reset"] = "error",
#if DEFECT_READ_UNCOMMITTED
        ["isolation.level"] = "read_uncommitted",
#else
        ["isolation.level"] = "read_committed",
#endif
        ["check.crcs"] = "true",
        ["partition.assignment.strategy"] = "cooperative-sticky",
        ["session.timeout.ms"] = "8000",
        ["heartbeat.interval.ms"] = "2000",

        // Also how long the client waits for the answer to a join, and the group for a member that owes one. The poll
        // thread polls ten times a second, and a revoke takes three seconds.
        [PollInterval] = "20000",
        ["statistics.interval.ms"] = "5000",
        ["queued.max.messages.kbytes"] = "16384",
        ["queued.min.messages"] = "5000",
        ["fetch.queue.backoff.ms"] = "20",
        ["fetch.wait.max.ms"] = "100",
        ["topic.metadata.refresh.interval.ms"] = "30000",
        ["reconnect.backoff.max.ms"] = KafkaAdmin.ReconnectBackoffMax,
        ["allow.auto.create.topics"] = "false",
    }.ToImmutableDictionary();

    private static readonly ImmutableDictionary<string, string> Owned = new Dictionary<string, string>
    {
        ["enable.auto.commit"] = "false",
        ["enable.auto.offset.store"] = "false",
        ["enable.partition.eof"] = "true",
    }.ToImmutableDictionary();

    private static readonly string[] ClassicOnly =
        ["partition.assignment.strategy", "session.timeout.ms", "heartbeat.interval.ms"];

    private ConsumerSettings()
    {
    }

    internal IDeserializer<TKey>? KeyDeserializer { get; private init; }

    internal IDeserializer<TValue>? ValueDeserializer { get; private init; }

    /// <summary>The client's settings by librdkafka's names, as the consumer gets them.</summary>
    public ImmutableDictionary<string, string> Properties { get; private init; } = Defaults.SetItems(Owned);

    /// <summary>
    /// Bytes that the consumer holds between poll and streams, over all partitions; each has an equal share. Default
    /// 16 MiB.
    /// </summary>
    public long BufferBytes { get; private init; } = 16 << 20;

    /// <summary>Records in a batch at most. Default 1,000.</summary>
    public int BatchRecords { get; private init; } = 1000;

    /// <summary>
    /// How long a revoke, or the consumer's own end, waits for its drain: for the commits of what streams have taken.
    /// Default 3 s; keep it below session.timeout.ms.
    /// </summary>
    public TimeSpan RevokeTimeout { get; private init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long a shutdown waits for the client to close. Default 10 s; the client is left behind after that.
    /// </summary>
    public TimeSpan CloseTimeout { get; private init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a commit that failed with a retriable error is tried again. Default 10.</summary>
    public int CommitRetries { get; private init; } = 10;

    /// <summary>
    /// Whether a member with a <see cref="WithGroupInstanceId">name</see> leaves the group when its source is shut
    /// down, as a member without one does. Default false: its partitions wait for it until its session ends.
    /// </summary>
    public bool LeavesOnClose { get; private init; }

    /// <summary>Who is told of what happens apart from records.</summary>
    public IConsumerEvents Events { get; private init; } = NoConsumerEvents.Instance;

    /// <summary>
    /// Settings with the given deserializers. Without one: <see cref="ReadOnlyMemory{T}"/> of bytes takes slices
    /// without a copy
    /// of its own, and the types of <see cref="Deserializers"/> take those.
    /// </summary>
    /// <exception cref="ArgumentException">A type has no deserializer of its own and none was given.</exception>
#pragma warning disable CA1000 // Akka.Streams.Kafka has it here.
    public static ConsumerSettings<TKey, TValue> Create(
        IDeserializer<TKey>? keyDeserializer = null, IDeserializer<TValue>? valueDeserializer = null)
    {
        _ = Consuming.FieldReader<TKey>.For(keyDeserializer);
        _ = Consuming.FieldReader<TValue>.For(valueDeserializer);
        return new() { KeyDeserializer = keyDeserializer, ValueDeserializer = valueDeserializer };
    }
#pragma warning restore CA1000

    /// <summary>The brokers to start from: host:port, several by comma.</summary>
    public ConsumerSettings<TKey, TValue> WithBootstrapServers(string servers) =>
        WithProperty("bootstrap.servers", servers);

    /// <summary>The consumer group.</summary>
    public ConsumerSettings<TKey, TValue> WithGroupId(string groupId) => WithProperty("group.id", groupId);

    /// <summary>The name that brokers log.</summary>
    public ConsumerSettings<TKey, TValue> WithClientId(string clientId) => WithProperty("client.id", clientId);

    /// <summary>
    /// Static membership: the name under which a restarted member gets its partitions back without a rebalance.
    /// </summary>
    /// <param name="id">The name; two members of a group with one name end the former one.</param>
    /// <param name="leavesOnClose">See <see cref="LeavesOnClose"/>.</param>
    public ConsumerSettings<TKey, TValue> WithGroupInstanceId(string id, bool leavesOnClose = false) =>
        WithProperty("group.instance.id", id) with { LeavesOnClose = leavesOnClose };

    /// <summary>One of librdkafka's settings.</summary>
    /// <exception cref="ArgumentException">The setting belongs to this library: commits are explicit, and ends of
    /// partitions are used.</exception>
    public ConsumerSettings<TKey, TValue> WithProperty(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        if (Owned.TryGetValue(name, out var owned) && owned != value)
        {
            throw new ArgumentException(
                $"{name} is always {owned} here: commits are explicit, and ends of partitions are used", nameof(name));
        }

        var changed = Properties.SetItem(name, value);

        // No session may be longer; the default gives way to one that is.
        var isLonger = name == "session.timeout.ms"
            && changed.GetValueOrDefault(PollInterval) == Defaults[PollInterval]
            && long.TryParse(value, CultureInfo.InvariantCulture, out var session)
            && session > long.Parse(Defaults[PollInterval], CultureInfo.InvariantCulture);
        return this with { Properties = isLonger ? changed.SetItem(PollInterval, value) : changed };
    }

    /// <summary>Several of librdkafka's settings.</summary>
    /// <exception cref="ArgumentException">See <see cref="WithProperty"/>.</exception>
    public ConsumerSettings<TKey, TValue> WithProperties(IEnumerable<KeyValuePair<string, string>> properties)
    {
        ArgumentNullException.ThrowIfNull(properties);
        return properties.Aggregate(this, (settings, each) => settings.WithProperty(each.Key, each.Value));
    }

    /// <summary>See <see cref="BufferBytes"/>; at least 64 KiB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 64 KiB.</exception>
    public ConsumerSettings<TKey, TValue> WithBufferBytes(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 64 << 10);
        return this with { BufferBytes = bytes };
    }

    /// <summary>See <see cref="BatchRecords"/>; 1 to 10,000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside the range.</exception>
    public ConsumerSettings<TKey, TValue> WithBatchRecords(int records)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(records, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(records, 10_000);
        return this with { BatchRecords = records };
    }

    /// <summary>See <see cref="RevokeTimeout"/>.</summary>
    public ConsumerSettings<TKey, TValue> WithRevokeTimeout(TimeSpan timeout) =>
        this with { RevokeTimeout = Positive(timeout) };

    /// <summary>See <see cref="CloseTimeout"/>.</summary>
    public ConsumerSettings<TKey, TValue> WithCloseTimeout(TimeSpan timeout) =>
        this with { CloseTimeout = Positive(timeout) };

    /// <summary>See <see cref="CommitRetries"/>; 0 or more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public ConsumerSettings<TKey, TValue> WithCommitRetries(int retries)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(retries);
        return this with { CommitRetries = retries };
    }

    /// <summary>See <see cref="Events"/>.</summary>
    public ConsumerSettings<TKey, TValue> WithEvents(IConsumerEvents events)
    {
        ArgumentNullException.ThrowIfNull(events);
        return this with { Events = events };
    }

    /// <summary>
    /// What the client is made of. Under the newer group protocol the broker decides what these defaults say, and the
    /// client
    /// refuses to start with them.
    /// </summary>
    internal Dictionary<string, string> ClientProperties()
    {
        var brokerDecides = Properties.GetValueOrDefault("group.protocol") == "consumer";
        return Properties
            .Where(each => !(brokerDecides && ClassicOnly.Contains(each.Key) && Defaults[each.Key] == each.Value))
            .ToDictionary(each => each.Key, each => each.Value);
    }

    /// <summary>Names and values, secrets as <c>***</c>.</summary>
    public override string ToString() => SettingsText.Of(Properties);

    private static TimeSpan Positive(TimeSpan timeout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        return timeout;
    }
}
