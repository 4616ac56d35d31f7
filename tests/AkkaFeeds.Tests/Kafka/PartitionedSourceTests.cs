using System.Collections.Immutable;
using Akka;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.TestKit;
using AkkaFeeds.Kafka;
using Confluent.Kafka;
using Xunit;
using Committable = AkkaFeeds.Kafka.CommittableBatch<System.ReadOnlyMemory<byte>, System.ReadOnlyMemory<byte>>;
using RawBatch = AkkaFeeds.Kafka.RecordBatch<System.ReadOnlyMemory<byte>, System.ReadOnlyMemory<byte>>;
using RawSettings = AkkaFeeds.Kafka.ConsumerSettings<System.ReadOnlyMemory<byte>, System.ReadOnlyMemory<byte>>;

namespace AkkaFeeds.Tests.Kafka;

public sealed class PartitionedSourceTests : KafkaStreamTests
{
    [Fact]
    public async Task Each_assigned_partition_has_a_source_of_its_own_records()
    {
        await ProduceNumbersAsync(First, 120);
        await ProduceNumbersAsync(Second, 80, from: 1_000);
        var (control, sources) = Run(Settings);

        var streams = await OpenAsync(sources, 2);

        Assert.Equal(Numbers(120), Values(await TakeAsync(streams[First], 120)));
        Assert.Equal(Numbers(80, from: 1_000), Values(await TakeAsync(streams[Second], 80)));
        Assert.NotEqual(control.LeaseOf(First), control.LeaseOf(Second));
        await control.Shutdown();
        await streams[First].ExpectCompleteAsync();
    }

    [Fact]
    public async Task A_cancelled_sub_source_leaves_no_gap()
    {
        await ProduceNumbersAsync(First, 1_000);
        var (control, sources) = Run(Settings);
        var before = (await OpenAsync(sources, 2))[First];
        var taken = Values(await TakeAsync(before, 250));
        AwaitCondition(() => control.Metrics.RecordsRead == 1_000, Soon);

        await before.CancelAsync();

        var again = (await OpenAsync(sources, 1))[First];
        taken.AddRange(Values(await TakeAsync(again, 1_000 - taken.Count)));
        Assert.Equal(Numbers(1_000), taken);
        await control.Shutdown();
    }

    [Fact]
    public async Task A_stalled_reader_holds_neither_the_polls_nor_its_neighbours_nor_more_than_its_bytes()
    {
        const int Buffer = 128 << 10;
        var filler = new string('x', 1_000);
        await ProduceNumbersAsync(First, 2_000, suffix: filler);
        var (control, sources) = Run(Settings.WithBufferBytes(Buffer));
        var streams = await OpenAsync(sources, 2);
        AwaitCondition(() => control.Metrics.Pauses >= 1, Soon);

        await ProduceNumbersAsync(Second, 2_000, suffix: filler);

        Assert.Equal(2_000, Values(await TakeAsync(streams[Second], 2_000)).Count);
        AwaitCondition(() => control.Metrics.SinceLastPoll < TimeSpan.FromMilliseconds(500), Soon);
        Assert.InRange(control.Metrics.BytesHeldMax, 1, Buffer);
        Assert.Equal(
            Numbers(2_000), Values(await TakeAsync(streams[First], 2_000)).ConvertAll(each => each.TrimEnd('x')));
        Assert.InRange(control.Metrics.BytesHeldMax, 1, Buffer);
        await control.Shutdown();
    }

    [Fact]
    public async Task A_partition_starts_where_the_caller_says_and_shows_nothing_before()
    {
        await ProduceNumbersAsync(First, 500);
        await ProduceNumbersAsync(Second, 500);
        var known = new TaskCompletionSource();
        var (control, sources) = KafkaConsumer.CommittablePartitionedManualOffsetSource(
                Settings, Subscriptions.Topics(Topic), Offsets)
            .ToMaterialized(this.SinkProbe<(TopicPartition, Source<Committable, NotUsed>)>(), Keep.Both)
            .Run(Materializer);
        var streams = await OpenAsync(sources, 2);
        await streams[First].RequestAsync(100);
        await ProduceNumbersAsync(First, 10, from: 500);
        Assert.Equal(0, control.Metrics.RecordsRead);

        known.SetResult();

        Assert.Equal(Numbers(500, from: 10), Values(await TakeAsync(streams[First], 500)));
        Assert.Equal(Numbers(1, from: 499), Values(await TakeAsync(streams[Second], 1)));
        await control.Shutdown();

        async Task<IImmutableSet<TopicPartitionOffset>> Offsets(IImmutableSet<TopicPartition> partitions)
        {
            await known.Task;
            return [.. partitions.Select(each => new TopicPartitionOffset(each, each == First ? 10 : 499))];
        }
    }

    [Fact]
    public async Task An_offset_out_of_range_fails_its_partition_and_no_other_and_a_seek_revives_it()
    {
        await ProduceNumbersAsync(First, 100);
        await ProduceNumbersAsync(Second, 100);
        Broker.DeleteRecords(Topic, 0, 60);
        var events = new RecordedEvents();
        var settings = Settings.WithProperty("auto.offset.reset", "error").WithEvents(events);
        var (control, sources) = KafkaConsumer.CommittablePartitionedManualOffsetSource(
                settings,
                Subscriptions.Topics(Topic),
                partitions => Task.FromResult<IImmutableSet<TopicPartitionOffset>>(
                    [.. partitions.Select(each => new TopicPartitionOffset(each, 10))]))
            .ToMaterialized(this.SinkProbe<(TopicPartition, Source<Committable, NotUsed>)>(), Keep.Both)
            .Run(Materializer);
        var streams = await OpenAsync(sources, 2);

        Assert.Equal(90, Values(await TakeAsync(streams[Second], 90)).Count);
        await streams[First].EnsureSubscriptionAsync();
        var failure = Assert.IsType<OffsetOutOfRangeException>(await streams[First].ExpectErrorAsync());
        Assert.Equal(First, failure.TopicPartition);
        Assert.Contains(events.Seen, each => each == $"out of range {First} {failure.Offset}");

        control.Seek(First, 60);

        var again = (await OpenAsync(sources, 1))[First];
        Assert.Equal(Numbers(40, from: 60), Values(await TakeAsync(again, 40)));
        await control.Shutdown();
    }

    [Fact]
    public async Task A_handler_that_throws_does_not_hang_the_close()
    {
        await ProduceNumbersAsync(First, 10);
        var events = new RecordedEvents();
        var (control, sources) = Run(
            Settings.WithEvents(events), Subscriptions.Topics(Topic)
                .WithPartitionEventsHandler(new ThrowingHandler()));
        await TakeAsync((await OpenAsync(sources, 2))[First], 10);

        await control.Shutdown();

        Assert.True(control.IsShutdown.IsCompleted);
        Assert.Contains(events.Seen, each => each == "hook OnAssign: thrown");
        Assert.Contains(events.Seen, each => each == "hook OnRevoke: thrown");
    }

    [Fact]
    public async Task A_drain_that_never_ends_is_cut_at_its_deadline()
    {
        var events = new RecordedEvents();
        var handler = new HangingHandler();
        var (control, sources) = Run(
            Settings.WithEvents(events).WithRevokeTimeout(TimeSpan.FromMilliseconds(50)),
            Subscriptions.Topics(Topic).WithPartitionEventsHandler(handler));
        await OpenAsync(sources, 2);

        await control.Shutdown();

        Assert.True(control.IsShutdown.IsCompleted);
        Assert.Contains(events.Seen, each => each.StartsWith("hook OnRevoke: not done", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_in_flight_is_committed_inside_the_revoke_of_a_shutdown()
    {
        await ProduceNumbersAsync(First, 200);
        var handler = new CommittingHandler();
        var (control, sources) = Run(Settings, Subscriptions.Topics(Topic).WithPartitionEventsHandler(handler));
        var stream = (await OpenAsync(sources, 2))[First];
        var last = (await TakeAsync(stream, 200))[^1];
        handler.OnRevoked = () => control.Commit(new TopicPartitionOffset(First, last.NextOffset), last.Lease);

        await control.Shutdown();

        Assert.Equal(CommitOutcome.Committed, handler.Outcome);
        var (next, more) = Run(Settings);
        var streams = await OpenAsync(more, 2);
        await ProduceNumbersAsync(First, 1, from: 200);
        Assert.Equal(["200"], Values(await TakeAsync(streams[First], 1)));
        await next.Shutdown();
    }

    [Fact]
    public async Task Stop_ends_the_streams_and_leaves_the_commits()
    {
        await ProduceNumbersAsync(First, 300);
        var (control, sources) = Run(Settings);
        var stream = (await OpenAsync(sources, 2))[First];
        var batch = (await TakeAsync(stream, 100))[0];

        await control.Stop();

        await stream.ExpectCompleteAsync();
        await sources.ExpectCompleteAsync();
        var outcome = await control.Commit(new TopicPartitionOffset(First, batch.NextOffset), batch.Lease);
        Assert.Equal(CommitOutcome.Committed, outcome);
        Assert.Equal("drained", await control.DrainAndShutdown(Task.FromResult("drained")));
    }

    private (
        IConsumerControl Control, TestSubscriber.Probe<(TopicPartition, Source<Committable, NotUsed>)> Sources) Run(
        RawSettings settings, IAutoSubscription? subscription = null) =>
        KafkaConsumer.CommittablePartitionedSource(settings, subscription ?? Subscriptions.Topics(Topic))
            .ToMaterialized(this.SinkProbe<(TopicPartition, Source<Committable, NotUsed>)>(), Keep.Both)
            .Run(Materializer);

    private async Task<Dictionary<TopicPartition, TestSubscriber.Probe<RawBatch>>> OpenAsync(
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

    private sealed class ThrowingHandler : IPartitionEventHandler
    {
        public void OnAssign(IImmutableSet<TopicPartition> partitions) =>
            throw new InvalidOperationException("thrown");

        public Task OnRevoke(IImmutableSet<TopicPartition> partitions) =>
            throw new InvalidOperationException("thrown");
    }

    private sealed class HangingHandler : IPartitionEventHandler
    {
        public Task OnRevoke(IImmutableSet<TopicPartition> partitions) => new TaskCompletionSource().Task;
    }

    private sealed class CommittingHandler : IPartitionEventHandler
    {
        public Func<Task<CommitOutcome>>? OnRevoked { get; set; }

        public CommitOutcome? Outcome { get; private set; }

        public async Task OnRevoke(IImmutableSet<TopicPartition> partitions) => Outcome = await OnRevoked!();
    }
}
