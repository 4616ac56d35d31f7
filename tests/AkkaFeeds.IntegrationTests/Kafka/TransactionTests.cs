using AkkaFeeds.Kafka;
using Confluent.Kafka;
using Xunit;

namespace AkkaFeeds.IntegrationTests.Kafka;

public sealed class TransactionTests(BrokerFixture fixture) : RealBrokerTest(fixture)
{
    [SkippableFact]
    public async Task Aborted_records_are_not_read_and_the_position_moves_past_them()
    {
        var topic = await NewTopicAsync(1);
        var partition = new TopicPartition(topic, 0);
        using var producer = Transactional();
        Send(producer, topic, 0, 10);
        producer.CommitTransaction();
        producer.BeginTransaction();
        Send(producer, topic, 10, 10);
        producer.AbortTransaction();
        var (control, probe) = RunPlain(Settings(topic), new TopicPartitionOffset(partition, 0));

        Assert.Equal(Enumerable.Range(0, 10), Values(await TakeAsync(probe, 10)));
        var end = await probe.RequestNextAsync();
        while (!end.EndReached)
        {
            end = await probe.RequestNextAsync();
        }

        // 10 records, their commit marker, 10 aborted records, their abort marker.
        Assert.Equal((0, 22L, 22L), (end.Records.Length, end.NextOffset, end.LogEnd));
        Assert.Equal(CommitOutcome.Committed,
            await control.Commit(new TopicPartitionOffset(partition, end.NextOffset), end.Lease));
        await control.Shutdown();
    }

    [SkippableFact]
    public async Task An_open_transaction_holds_back_what_may_be_read()
    {
        var topic = await NewTopicAsync(1);
        var partition = new TopicPartition(topic, 0);
        await ProduceAsync(topic, 0, 5);
        using var producer = Transactional();
        Send(producer, topic, 100, 3);
        using var admin = new KafkaAdmin(Broker.BootstrapServers);
        Assert.Equal(5, (await admin.EndOffsets([partition], Soon))[partition]);
        Assert.Equal(8, (await admin.EndOffsets([partition], Soon, IsolationLevel.ReadUncommitted))[partition]);
        var (control, probe) = RunPlain(Settings(topic), new TopicPartitionOffset(partition, 0));
        Assert.Equal(Enumerable.Range(0, 5), Values(await TakeAsync(probe, 5)));
        var end = await probe.RequestNextAsync();
        Assert.Equal((true, 5L, 5L), (end.EndReached, end.NextOffset, end.LogEnd));

        producer.CommitTransaction();

        Assert.Equal([100, 101, 102], Values(await TakeAsync(probe, 3)));
        await control.Shutdown();
    }

    [SkippableFact]
    public async Task Topics_are_described_with_their_ids_and_whether_they_are_compacted()
    {
        var topic = await NewTopicAsync(3);
        var compacted = $"{topic}c";
        await Broker.CreateTopicAsync(compacted, 1, new() { ["cleanup.policy"] = "compact" });
        using var admin = new KafkaAdmin(Broker.BootstrapServers);

        var facts = await admin.DescribeTopics([compacted, topic, "nobody"], Soon);

        Assert.Equal((1, 3), (facts[0]!.Partitions, facts[1]!.Partitions));
        Assert.NotEqual(facts[0]!.Id, facts[1]!.Id);
        Assert.Null(facts[2]);
        Assert.True(await admin.IsCompacted(compacted, Soon));
        Assert.False(await admin.IsCompacted(topic, Soon));
    }

    private static void Send(IProducer<Null, string> producer, string topic, int from, int count)
    {
        for (var value = from; value < from + count; value++)
        {
            producer.Produce(new TopicPartition(topic, 0), new() { Value = $"{value}" });
        }

        producer.Flush(Soon);
    }

    private IProducer<Null, string> Transactional()
    {
        var config =
            new ProducerConfig { BootstrapServers = Broker.BootstrapServers, TransactionalId = $"{Guid.NewGuid()}" };
        var producer = new ProducerBuilder<Null, string>(config).SetLogHandler((_, _) => { }).Build();
        producer.InitTransactions(Soon);
        producer.BeginTransaction();
        return producer;
    }
}
