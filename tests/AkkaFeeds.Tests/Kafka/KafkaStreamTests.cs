using System.Text;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.TestKit;
using AkkaFeeds.Kafka;
using Confluent.Kafka;
using Xunit;
using RawBatch = AkkaFeeds.Kafka.RecordBatch<System.ReadOnlyMemory<byte>, System.ReadOnlyMemory<byte>>;
using RawSettings = AkkaFeeds.Kafka.ConsumerSettings<System.ReadOnlyMemory<byte>, System.ReadOnlyMemory<byte>>;

namespace AkkaFeeds.Tests.Kafka;

/// <summary>An embedded broker with one topic, and the little that each test of a source needs.</summary>
public abstract class KafkaStreamTests : Akka.TestKit.Xunit2.TestKit
{
    protected const string Topic = "orders";
    protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private readonly IProducer<string?, string?> producer;

    protected KafkaStreamTests(int partitions = 2)
        : base("akka.test.default-timeout = 20s\nakka.test.single-expect-default = 20s\nakka.loglevel = WARNING")
    {
        Broker = EmbeddedBroker.Start(Topic, partitions);
        Materializer = Sys.Materializer();
        producer = new ProducerBuilder<string?, string?>(
            new ProducerConfig { BootstrapServers = Broker.BootstrapServers, LingerMs = 0 })
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, _) => { })
            .Build();
    }

    protected EmbeddedBroker Broker { get; }

    protected ActorMaterializer Materializer { get; }

    protected static TopicPartition First { get; } = new(Topic, 0);

    protected static TopicPartition Second { get; } = new(Topic, 1);

    protected RawSettings Settings => ConsumerSettings.Raw()
        .WithBootstrapServers(Broker.BootstrapServers)
        .WithGroupId("readers")
        .WithProperty("auto.offset.reset", "earliest")
        .WithProperty("session.timeout.ms", "6000")

        // The embedded broker answers an empty fetch only after its whole wait.
        .WithProperty("fetch.wait.max.ms", "5")
        .WithBatchRecords(100);

    protected async Task ProduceAsync(TopicPartition partition, params string?[] values)
    {
        var sent = values.Select(
            each => producer.ProduceAsync(partition, new Message<string?, string?> { Key = "k", Value = each }));
        await Task.WhenAll(sent.ToArray());
    }

    protected Task ProduceNumbersAsync(TopicPartition partition, int count, int from = 0, string suffix = "") =>
        ProduceAsync(partition, [.. Enumerable.Range(from, count).Select(each => each + suffix)]);

    protected (IConsumerControl Control, TestSubscriber.Probe<RawBatch> Probe) RunPlain(
        RawSettings settings, ISubscription subscription) =>
        KafkaConsumer.PlainSource(settings, subscription)
            .ToMaterialized(this.SinkProbe<RawBatch>(), Keep.Both)
            .Run(Materializer);

    /// <summary>Takes batches until so many records have come.</summary>
    protected static async Task<List<RawBatch>> TakeAsync(TestSubscriber.Probe<RawBatch> probe, int records)
    {
        var taken = new List<RawBatch>();
        while (taken.Sum(each => each.Records.Length) < records)
        {
            taken.Add(await probe.RequestNextAsync());
        }

        return taken;
    }

    protected static List<string> Values(IEnumerable<RawBatch> batches)
    {
        var values = new List<string>();
        foreach (var batch in batches)
        {
            foreach (var record in batch.Records)
            {
                values.Add(Encoding.UTF8.GetString(record.Value.Span));
            }
        }

        return values;
    }

    protected static List<string> Numbers(int count, int from = 0) =>
        [.. Enumerable.Range(from, count).Select(each => $"{each}")];

    protected override void AfterAll()
    {
        base.AfterAll();
        producer.Dispose();
        Broker.Dispose();
    }
}
