using System.Collections.Immutable;
using Confluent.Kafka;

namespace AkkaFeeds.Kafka;

/// <summary>
/// Settings of a producer: immutable, each <c>WithX</c> returns a copy. Default: idempotent, acknowledged by all
/// replicas.
/// </summary>
public sealed record ProducerSettings<TKey, TValue>
{
    private ProducerSettings()
    {
    }

    internal ISerializer<TKey>? KeySerializer { get; private init; }

    internal ISerializer<TValue>? ValueSerializer { get; private init; }

    /// <summary>The client's settings by librdkafka's names.</summary>
    public ImmutableDictionary<string, string> Properties { get; private init; } = new Dictionary<string, string>
    {
        ["enable.idempotence"] = "true",
        ["linger.ms"] = "5",
    }.ToImmutableDictionary();

    /// <summary>Records sent and not acknowledged at most. Default 10,000.</summary>
    public int Parallelism { get; private init; } = 10_000;

    /// <summary>How long the end of the stream waits for what is in flight. Default 30 s.</summary>
    public TimeSpan FlushTimeout { get; private init; } = TimeSpan.FromSeconds(30);

    /// <summary>Settings with the given serializers, or those of Confluent.Kafka.</summary>
#pragma warning disable CA1000 // Akka.Streams.Kafka has it here.
    public static ProducerSettings<TKey, TValue> Create(
        ISerializer<TKey>? keySerializer = null, ISerializer<TValue>? valueSerializer = null) =>
        new() { KeySerializer = keySerializer, ValueSerializer = valueSerializer };
#pragma warning restore CA1000

    /// <summary>The brokers to start from: host:port, several by comma.</summary>
    public ProducerSettings<TKey, TValue> WithBootstrapServers(string servers) =>
        WithProperty("bootstrap.servers", servers);

    /// <summary>One of librdkafka's settings.</summary>
    public ProducerSettings<TKey, TValue> WithProperty(string name, string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return this with { Properties = Properties.SetItem(name, value) };
    }

    /// <summary>Several of librdkafka's settings.</summary>
    public ProducerSettings<TKey, TValue> WithProperties(IEnumerable<KeyValuePair<string, string>> properties) =>
        this with { Properties = Properties.SetItems(properties) };

    /// <summary>See <see cref="Parallelism"/>; 1 or more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public ProducerSettings<TKey, TValue> WithParallelism(int records)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(records, 1);
        return this with { Parallelism = records };
    }

    /// <summary>See <see cref="FlushTimeout"/>.</summary>
    public ProducerSettings<TKey, TValue> WithFlushTimeout(TimeSpan timeout) => this with { FlushTimeout = timeout };

    /// <summary>Names and values, secrets as <c>***</c>.</summary>
    public override string ToString() => SettingsText.Of(Properties);

    /// <summary>A producer of these settings.</summary>
    public IProducer<TKey, TValue> CreateProducer()
    {
        var builder = new ProducerBuilder<TKey, TValue>(Properties);
        if (KeySerializer is not null)
        {
            builder.SetKeySerializer(KeySerializer);
        }

        if (ValueSerializer is not null)
        {
            builder.SetValueSerializer(ValueSerializer);
        }

        return builder.SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
    }
}
