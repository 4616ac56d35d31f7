using System.Text;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.TestKit;
using AkkaFeeds.IntegrationTests.Fixtures;
using AkkaFeeds.Kafka;
using Confluent.Kafka;
using Xunit;
using Committable = AkkaFeeds.Kafka.CommittableBatch<System.ReadOnlyMemory<byte>, System.ReadOnlyMemory<byte>>;
using RawBatch = AkkaFeeds.Kafka.RecordBatch<System.ReadOnlyMemory<byte>, System.ReadOnlyMemory<byte>>;
using RawSettings = AkkaFeeds.Kafka.ConsumerSettings<System.ReadOnlyMemory<byte>, System.ReadOnlyMemory<byte>>;

namespace AkkaFeeds.IntegrationTests.Kafka;

/// <summary>What the tests of sources against a real broker share.</summary>
[Collection(BrokerTests.Name)]
public abstract class RealBrokerTest : Akka.TestKit.Xunit2.TestKit
{
    protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private readonly BrokerFixture fixture;

    protected RealBrokerTest(BrokerFixture fixture)
        : base("akka.test.default-timeout = 60s\nakka.test.single-expect-default = 60s\nakka.loglevel = WARNING")
    {
        this.fixture = fixture;
        Materializer = Sys.Materializer();
    }

    protected ActorMaterializer Materializer { get; }

    protected RealBroker Broker => fixture.Broker ?? throw new InvalidOperationException("no broker");

    protected RawSettings Settings(string group) => ConsumerSettings.Raw()
        .WithBootstrapServers(Broker.BootstrapServers)
        .WithGroupId(group)
        .WithProperty("auto.offset.reset", "earliest");

    protected async Task<string> NewTopicAsync(int partitions)
    {
        Skip.If(fixture.Broker is null, RealBroker.SkipReason);
        var topic = $"t{Guid.NewGuid():n}";
        await Broker.CreateTopicAsync(topic, partitions);
        return topic;
    }

    protected async Task ProduceAsync(string topic, int partition, int count, int from = 0, string suffix = "")
    {
        var config = new ProducerConfig { BootstrapServers = Broker.BootstrapServers, LingerMs = 1 };
        using var producer = new ProducerBuilder<Null, string>(config).SetLogHandler((_, _) => { }).Build();
        var sent = Enumerable.Range(from, count)
            .Select(each =>
                producer.ProduceAsync(new TopicPartition(topic, partition), new() { Value = $"{each}{suffix}" }));
        await Task.WhenAll(sent.ToArray());
    }

    protected (
        IConsumerControl Control, TestSubscriber.Probe<(TopicPartition, Source<Committable, NotUsed>)> Sources) Run(
        RawSettings settings, IAutoSubscription subscription) =>
        KafkaConsumer.CommittablePartitionedSource(settings, subscription)
            .ToMaterialized(this.SinkProbe<(TopicPartition, Source<Committable, NotUsed>)>(), Keep.Both)
            .Run(Materializer);

    protected (IConsumerControl Control, TestSubscriber.Probe<RawBatch> Probe) RunPlain(
        RawSettings settings, params TopicPartitionOffset[] from) =>
        KafkaConsumer.PlainSource(settings, Subscriptions.AssignmentWithOffset(from))
            .ToMaterialized(this.SinkProbe<RawBatch>(), Keep.Both)
            .Run(Materializer);

    protected async Task<Dictionary<TopicPartition, TestSubscriber.Probe<RawBatch>>> OpenAsync(
        TestSubscriber.Probe<(TopicPartition Partition, Source<Committable, NotUsed> Batches)> sources, int count)
    {
        var streams = new Dictionary<TopicPartition, TestSubscriber.Probe<RawBatch>>();
        while (streams.Count < count)
        {
            var (partition, batches) = await sources.RequestNextAsync();
            streams.Add(
                partition, batches.Select(each => each.Batch).RunWith(this.SinkProbe<RawBatch>(), Materializer));
        }

        return streams;
    }

    protected static async Task<List<RawBatch>> TakeAsync(TestSubscriber.Probe<RawBatch> probe, int records)
    {
        var taken = new List<RawBatch>();
        while (taken.Sum(each => each.Records.Length) < records)
        {
            taken.Add(await probe.RequestNextAsync());
        }

        return taken;
    }

    protected static List<int> Values(IEnumerable<RawBatch> batches) =>
        [.. batches.SelectMany(each => each.RecordMemory.ToArray())
            .Select(each => int.Parse(Encoding.UTF8.GetString(each.Value.Span).TrimEnd('x')))];
}
