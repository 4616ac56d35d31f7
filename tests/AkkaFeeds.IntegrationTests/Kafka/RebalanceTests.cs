using System.Collections.Concurrent;
using Akka.Streams.Dsl;
using AkkaFeeds.Kafka;
using Confluent.Kafka;
using Xunit;

namespace AkkaFeeds.IntegrationTests.Kafka;

public sealed class RebalanceTests(BrokerFixture fixture) : RealBrokerTest(fixture)
{
    [SkippableTheory]
    [InlineData("cooperative-sticky")]
    [InlineData("range")]
    [InlineData("consumer")]
    public async Task A_second_member_takes_over_where_the_first_has_committed(string strategy)
    {
        var topic = await NewTopicAsync(4);
        for (var partition = 0; partition < 4; partition++)
        {
            await ProduceAsync(topic, partition, 1_000);
        }

        var settings = strategy == "consumer"
            ? Settings(topic).WithProperty("group.protocol", strategy)
            : Settings(topic).WithProperty("partition.assignment.strategy", strategy);
        var read = new ConcurrentQueue<(int Member, int Partition, int Value)>();
        var one = RunCommitting(settings, topic, 1, read);
        AwaitCondition(() => read.Count == 4_000, Soon);
        var leases = Enumerable.Range(0, 4).ToDictionary(each => each, each => one.LeaseOf(new(topic, each)));

        var two = RunCommitting(settings, topic, 2, read);
        AwaitCondition(() => Owned(one, topic) == 2 && Owned(two, topic) == 2, Soon);
        for (var partition = 0; partition < 4; partition++)
        {
            await ProduceAsync(topic, partition, 100, from: 1_000);
        }

        AwaitCondition(() => read.Count >= 4_400, Soon);
        Assert.Equal(4_400, read.Count);
        if (strategy != "range")
        {
            var kept = leases.Where(each => one.LeaseOf(new(topic, each.Key)) >= 0).ToList();
            Assert.All(kept, each => Assert.Equal(each.Value, one.LeaseOf(new(topic, each.Key))));
        }

        await one.Shutdown();
        AwaitCondition(() => Owned(two, topic) == 4, Soon);
        await ProduceAsync(topic, 0, 50, from: 1_100);
        await ProduceAsync(topic, 3, 50, from: 1_100);
        AwaitCondition(() => read.Count >= 4_500, Soon);
        await two.Shutdown();

        // Each record once, in order: what was in flight was committed inside the revokes.
        var expected = new[] { 1_150, 1_100, 1_100, 1_150 };
        for (var partition = 0; partition < 4; partition++)
        {
            var values = read.Where(each => each.Partition == partition).Select(each => each.Value);
            Assert.Equal(Enumerable.Range(0, expected[partition]), values);
        }
    }

    [SkippableFact]
    public async Task A_revoke_while_a_thousand_rows_are_buffered_emits_none_of_them()
    {
        var topic = await NewTopicAsync(2);
        await ProduceAsync(topic, 0, 1_000);
        await ProduceAsync(topic, 1, 1_000);
        var (one, sources) = Run(Settings(topic), Subscriptions.Topics(topic));
        var streams = await OpenAsync(sources, 2);
        AwaitCondition(() => one.Metrics.RecordsRead == 2_000, Soon);
        var leases = streams.Keys.ToDictionary(each => each, one.LeaseOf);

        var (two, others) = Run(Settings(topic), Subscriptions.Topics(topic));
        var (moved, other) = Assert.Single(await OpenAsync(others, 1));
        await streams[moved].RequestAsync(100);
        await streams[moved].ExpectCompleteAsync();

        Assert.Equal(Enumerable.Range(0, 1_000), Values(await TakeAsync(other, 1_000)));
        var late = await one.Commit(new TopicPartitionOffset(moved, 1_000), leases[moved]);
        Assert.Equal(CommitOutcome.NotOwner, late);
        var kept = streams.Single(each => each.Key != moved);
        Assert.Equal(Enumerable.Range(0, 1_000), Values(await TakeAsync(kept.Value, 1_000)));
        Assert.Equal(leases[kept.Key], one.LeaseOf(kept.Key));
        await one.Shutdown();
        await two.Shutdown();
    }

    [SkippableFact]
    public async Task A_named_member_that_leaves_on_close_leaves_its_partitions_to_the_others_at_once()
    {
        var topic = await NewTopicAsync(2);
        await ProduceAsync(topic, 0, 10);
        await ProduceAsync(topic, 1, 10);
        var settings = Settings(topic).WithProperty("session.timeout.ms", "45000");
        var (one, sources) = Run(Named(settings, "one"), Subscriptions.Topics(topic));
        await OpenAsync(sources, 2);
        var (two, others) = Run(Named(settings, "two"), Subscriptions.Topics(topic));
        await OpenAsync(others, 1);

        await one.Shutdown();

        AwaitCondition(() => Owned(two, topic) == 2, TimeSpan.FromSeconds(20));
        await two.Shutdown();
    }

    [SkippableFact]
    public async Task A_named_member_that_is_closed_while_it_joins_is_not_waited_for()
    {
        var topic = await NewTopicAsync(2);
        var settings = Settings(topic).WithProperty("session.timeout.ms", "45000");
        var (one, sources) = Run(Named(settings, "one"), Subscriptions.Topics(topic));
        await OpenAsync(sources, 2);
        var (two, _) = Run(Named(settings, "two"), Subscriptions.Topics(topic));

        await two.Shutdown();

        var (three, _) = Run(Named(settings, "three"), Subscriptions.Topics(topic));
        AwaitCondition(() => Owned(one, topic) == 1 && Owned(three, topic) == 1, TimeSpan.FromSeconds(20));
        await one.Shutdown();
        await three.Shutdown();
    }

    [SkippableFact]
    public async Task A_member_whose_name_is_taken_over_fails_with_a_fatal_error()
    {
        var topic = await NewTopicAsync(1);
        await ProduceAsync(topic, 0, 10);
        var settings = Settings(topic).WithGroupInstanceId("one-name");
        var (first, sources) = Run(settings, Subscriptions.Topics(topic));
        var stream = (await OpenAsync(sources, 1)).Values.Single();
        await TakeAsync(stream, 10);

        var (second, others) = Run(settings, Subscriptions.Topics(topic));
        await OpenAsync(others, 1);

        var fatal = Assert.IsType<KafkaFatalException>(await sources.ExpectErrorAsync());
        Assert.True(fatal.Error.IsFatal);
        await first.IsShutdown;
        await second.Shutdown();
    }

    private static ConsumerSettings<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> Named(
        ConsumerSettings<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> settings, string name) =>
        settings.WithGroupInstanceId(name, leavesOnClose: true);

    private static int Owned(IConsumerControl control, string topic) =>
        Enumerable.Range(0, 4).Count(each => control.LeaseOf(new(topic, each)) >= 0);

    private IConsumerControl RunCommitting(
        ConsumerSettings<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> settings, string topic, int member,
        ConcurrentQueue<(int Member, int Partition, int Value)> read) =>
        KafkaConsumer.CommittablePartitionedSource(settings, Subscriptions.Topics(topic))
            .To(Sink.ForEach<(TopicPartition Partition, Source<CommittableBatch<ReadOnlyMemory<byte>,
                ReadOnlyMemory<byte>>, Akka.NotUsed> Batches)>(
                each => each.Batches
                    .Select(batch =>
                    {
                        Values([batch.Batch])
                            .ForEach(value => read.Enqueue((member, each.Partition.Partition.Value, value)));
                        return (ICommittable)batch.CommittableOffset;
                    })
                    .RunWith(Committer.Sink(CommitterSettings.Create().WithMaxBatch(1)), Materializer)))
            .Run(Materializer);
}
