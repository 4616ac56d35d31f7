using Akka;
using Akka.Streams.Dsl;
using AkkaFeeds.Kafka;
using Confluent.Kafka;
using Xunit;

namespace AkkaFeeds.Tests.Kafka;

public sealed class CommitTests : KafkaStreamTests
{
    private const short OffsetCommit = 8;

    [Fact]
    public async Task A_commit_under_an_ended_lease_is_dropped_and_the_stream_lives()
    {
        await ProduceNumbersAsync(First, 10);
        var (control, probe) =
            RunPlain(Settings, Subscriptions.AssignmentWithOffset(new TopicPartitionOffset(First, 0)));
        var batch = (await TakeAsync(probe, 10))[^1];

        var stale = await control.Commit(new TopicPartitionOffset(First, 10), batch.Lease + 1);
        var foreign = await control.Commit(new TopicPartitionOffset(Second, 10), batch.Lease);

        Assert.Equal((CommitOutcome.NotOwner, CommitOutcome.NotOwner), (stale, foreign));
        Assert.Equal(2, control.Metrics.CommitsDropped);
        Assert.Equal(
            CommitOutcome.Committed, await control.Commit(new TopicPartitionOffset(First, 10, 0), batch.Lease));
        await ProduceNumbersAsync(First, 1, from: 10);
        Assert.Equal(["10"], Values(await TakeAsync(probe, 1)));
        await control.Shutdown();
    }

    [Fact]
    public async Task Offsets_of_a_stream_are_committed_by_the_sink_and_read_on_from_there()
    {
        await ProduceNumbersAsync(First, 500);
        var subscription = Subscriptions.Assignment(First);
        var (control, done) = KafkaConsumer.CommittableSource(Settings, subscription)
            .TakeWhile(each => each.Batch.NextOffset < 500, inclusive: true)
            .Select(each => (ICommittable)each.CommittableOffset)
            .ToMaterialized(Committer.Sink(CommitterSettings.Create().WithMaxBatch(3)), Keep.Both)
            .Run(Materializer);
        await done;
        await control.Shutdown();

        await ProduceNumbersAsync(First, 20, from: 500);
        var (again, probe) = RunPlain(Settings, subscription);
        Assert.Equal(Numbers(20, from: 500), Values(await TakeAsync(probe, 20)));
        await again.Shutdown();
    }

    [Fact]
    public async Task A_stream_that_cancels_before_its_first_commit_is_waited_for()
    {
        await ProduceNumbersAsync(First, 10);
        var (control, first) = KafkaConsumer.CommittableSource(Settings, Subscriptions.Assignment(First))
            .ToMaterialized(
                Sink.First<CommittableBatch<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>>(), Keep.Both)
            .Run(Materializer);
        var batch = await first;

        Assert.False(control.IsShutdown.IsCompleted);
        Assert.Equal(CommitOutcome.Committed, await batch.CommittableOffset.Commit());
        await control.IsShutdown;
    }

    [Fact]
    public async Task A_commit_that_the_broker_cannot_take_now_is_tried_again()
    {
        await ProduceNumbersAsync(First, 10);
        var (control, probe) =
            RunPlain(Settings, Subscriptions.AssignmentWithOffset(new TopicPartitionOffset(First, 0)));
        var batch = (await TakeAsync(probe, 10))[^1];
        Broker.FailRequests(OffsetCommit, ErrorCode.GroupLoadInProgress, ErrorCode.RequestTimedOut);

        Assert.Equal(CommitOutcome.Committed, await control.Commit(new TopicPartitionOffset(First, 10), batch.Lease));
        Assert.Equal(0, control.Metrics.CommitFailures);
        await control.Shutdown();
    }

    [Fact]
    public async Task A_commit_that_is_refused_is_told_and_the_stream_lives()
    {
        await ProduceNumbersAsync(First, 10);
        var events = new RecordedEvents();
        var (control, probe) = RunPlain(
            Settings.WithEvents(events), Subscriptions.AssignmentWithOffset(new TopicPartitionOffset(First, 0)));
        var batch = (await TakeAsync(probe, 10))[^1];
        Broker.FailRequests(OffsetCommit, ErrorCode.GroupAuthorizationFailed);

        Assert.Equal(CommitOutcome.Failed, await control.Commit(new TopicPartitionOffset(First, 10), batch.Lease));

        Assert.Equal(["commit Fatal GroupAuthorizationFailed"],
            events.Seen.Where(each => each.StartsWith("commit", StringComparison.Ordinal)));
        Assert.Equal(1, control.Metrics.CommitFailures);
        await ProduceNumbersAsync(First, 1, from: 10);
        Assert.Equal(["10"], Values(await TakeAsync(probe, 1)));
        await control.Shutdown();
    }

    [Fact]
    public async Task What_is_produced_through_the_sink_is_read()
    {
        var settings = ProducerSettings<Null, string>.Create().WithBootstrapServers(Broker.BootstrapServers);
        await Source.From(Numbers(100))
            .Select(each => new ProducerRecord<Null, string>(Topic, new() { Value = each }, 1))
            .RunWith(KafkaProducer.PlainSink(settings), Materializer);

        var (control, probe) =
            RunPlain(Settings, Subscriptions.AssignmentWithOffset(new TopicPartitionOffset(Second, 0)));
        Assert.Equal(Numbers(100), Values(await TakeAsync(probe, 100)));
        await control.Shutdown();
    }
}
