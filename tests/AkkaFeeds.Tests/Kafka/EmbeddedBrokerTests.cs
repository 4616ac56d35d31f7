using AkkaFeeds.Kafka;
using Confluent.Kafka;
using Xunit;

namespace AkkaFeeds.Tests.Kafka;

public sealed class EmbeddedBrokerTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_topic_that_is_created_again_has_another_id()
    {
        using var broker = EmbeddedBroker.Start("orders", 4);
        using var admin = new KafkaAdmin(broker.BootstrapServers);
        var before = Assert.Single(await admin.DescribeTopics(["orders"], Deadline));
        Assert.NotNull(before);
        Assert.Equal(4, before.Partitions);
        Assert.Equal(22, before.Id.Length);

        broker.DeleteTopic("orders");
        broker.CreateTopic("orders", 2);

        var after = Assert.Single(await admin.DescribeTopics(["orders"], Deadline));
        Assert.NotNull(after);
        Assert.Equal(2, after.Partitions);
        Assert.NotEqual(before.Id, after.Id);
    }

    [Fact]
    public async Task A_topic_that_is_not_there_is_no_topic()
    {
        using var broker = EmbeddedBroker.Start("orders", 1);
        using var admin = new KafkaAdmin(broker.BootstrapServers);

        var found = await admin.DescribeTopics(["nobody", "orders"], Deadline);

        Assert.Null(found[0]);
        Assert.Equal("orders", found[1]?.Name);
    }

    [Fact]
    public async Task Ends_and_beginnings_of_partitions_are_listed()
    {
        using var broker = EmbeddedBroker.Start("orders", 2);
        using var producer = new ProducerBuilder<Null,
        string>(new ProducerConfig { BootstrapServers = broker.BootstrapServers })
            .SetLogHandler((_, _) => { }).Build();
        var partition = new TopicPartition("orders", 1);
        for (var count = 0; count < 5; count++)
        {
            await producer.ProduceAsync(partition, new() { Value = "x" });
        }

        broker.DeleteRecords("orders", 1, 3);
        using var admin = new KafkaAdmin(broker.BootstrapServers);

        Assert.Equal(5, (await admin.EndOffsets([partition], Deadline))[partition]);
        Assert.Equal(3, (await admin.EarliestOffsets([partition], Deadline))[partition]);
    }

    [Fact]
    public async Task A_broker_that_is_down_is_an_error_within_the_deadline()
    {
        using var broker = EmbeddedBroker.Start("orders", 1);
        using var admin = new KafkaAdmin(broker.BootstrapServers);
        await admin.EndOffsets([new("orders", 0)], Deadline);

        broker.SetBrokerDown();

        await Assert.ThrowsAnyAsync<KafkaException>(
            () => admin.EndOffsets([new("orders", 0)], TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void A_disposed_broker_refuses_and_is_disposed_once()
    {
        var broker = EmbeddedBroker.Start("orders", 1);
        broker.Dispose();
        broker.Dispose();
        Assert.Throws<ObjectDisposedException>(() => broker.CreateTopic("more", 1));
    }
}
