using System.Collections.Concurrent;
using AkkaFeeds.Kafka;
using AkkaFeeds.Kafka.Committing;
using Confluent.Kafka;
using Xunit;

namespace AkkaFeeds.Tests.Kafka;

public sealed class CommitWorkerTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private static readonly TopicPartition First = new("orders", 0);
    private readonly Target target = new();
    private readonly CommitWorker worker;

    public CommitWorkerTests() => worker = new(target, retries: 2);

    [Fact]
    public async Task A_slow_commit_holds_nobody_up_and_the_latest_of_those_that_wait_is_sent()
    {
        target.Answers.Reset();
        var first = worker.Commit(new(First, 1), 7);
        Assert.True(target.Asked.Wait(Soon));
        var second = worker.Commit(new(First, 2), 7);
        var third = worker.Commit(new(First, 3), 7);
        Assert.False(first.IsCompleted || second.IsCompleted || third.IsCompleted);
        Assert.False(worker.Drain([First], TimeSpan.Zero));

        target.Answers.Set();

        Assert.All(await Task.WhenAll(first, second, third), each => Assert.Equal(CommitOutcome.Committed, each));
        Assert.Equal([1L, 3L], target.Committed.Select(each => each.Offset.Value));
        Assert.True(worker.Drain([First], Soon));
    }

    [Fact]
    public async Task A_lease_that_ends_while_its_commit_waits_is_not_committed()
    {
        target.Answers.Reset();
        var first = worker.Commit(new(First, 1), 7);
        Assert.True(target.Asked.Wait(Soon));
        var second = worker.Commit(new(First, 2), 7);
        target.Lease = 8;
        target.Answers.Set();

        Assert.Equal(CommitOutcome.Committed, await first);
        Assert.Equal(CommitOutcome.NotOwner, await second);
        Assert.Single(target.Committed);
        Assert.Equal((2, 1), (target.Wishes, target.Dropped));
    }

    [Fact]
    public async Task A_retriable_error_is_tried_again_so_often_and_then_told()
    {
        target.Errors.Enqueue(ErrorCode.Local_Transport);
        target.Errors.Enqueue(ErrorCode.Local_TimedOut);
        target.Errors.Enqueue(ErrorCode.RebalanceInProgress);

        Assert.Equal(CommitOutcome.Failed, await worker.Commit(new(First, 1), 7));

        var failure = Assert.Single(target.Failures);
        Assert.Equal((CommitFailureKind.Retriable, ErrorCode.RebalanceInProgress), (failure.Kind, failure.Error.Code));
        Assert.Equal(CommitOutcome.Committed, await worker.Commit(new(First, 2), 7));
    }

    [Theory]
    [InlineData(ErrorCode.Local_State, CommitFailureKind.NotOwner)]
    [InlineData(ErrorCode.IllegalGeneration, CommitFailureKind.NotOwner)]
    [InlineData(ErrorCode.UnknownMemberId, CommitFailureKind.NotOwner)]
    [InlineData(ErrorCode.RebalanceInProgress, CommitFailureKind.Retriable)]
    [InlineData(ErrorCode.Local_AllBrokersDown, CommitFailureKind.Retriable)]
    [InlineData(ErrorCode.NotCoordinatorForGroup, CommitFailureKind.Retriable)]
    [InlineData(ErrorCode.OffsetMetadataTooLarge, CommitFailureKind.Fatal)]
    [InlineData(ErrorCode.GroupAuthorizationFailed, CommitFailureKind.Fatal)]
    internal void Errors_are_whose_they_are(ErrorCode code, CommitFailureKind kind) =>
        Assert.Equal(kind, CommitErrors.Classify(code));

    [Fact]
    public async Task A_stopped_worker_drops_what_waits()
    {
        target.Answers.Reset();
        var first = worker.Commit(new(First, 1), 7);
        Assert.True(target.Asked.Wait(Soon));
        var second = worker.Commit(new(First, 2), 7);
        Assert.False(worker.Stop(TimeSpan.Zero));
        Assert.Equal(CommitOutcome.NotOwner, await second);
        target.Answers.Set();
        Assert.True(worker.Stop(Soon));
        Assert.Equal(CommitOutcome.Committed, await first);
        Assert.Equal(CommitOutcome.NotOwner, await worker.Commit(new(First, 3), 7));
    }

    public void Dispose()
    {
        target.Answers.Set();
        worker.Stop(Soon);
        target.Answers.Dispose();
        target.Asked.Dispose();
    }

    private sealed class Target : ICommitTarget
    {
        public ManualResetEventSlim Answers { get; } = new(true);

        public SemaphoreSlim Asked { get; } = new(0);

        public ConcurrentQueue<ErrorCode> Errors { get; } = new();

        public ConcurrentQueue<TopicPartitionOffset> Committed { get; } = new();

        public ConcurrentQueue<CommitFailure> Failures { get; } = new();

        public long Lease { get; set; } = 7;

        public int Wishes { get; private set; }

        public int Dropped { get; private set; }

        public bool Owns(TopicPartition partition, long lease) => lease == Lease;

        public List<TopicPartitionOffsetError> Commit(IReadOnlyList<TopicPartitionOffset> offsets)
        {
            Asked.Release();
            Answers.Wait();
            if (Errors.TryDequeue(out var error))
            {
                throw new KafkaException(error);
            }

            foreach (var each in offsets)
            {
                Committed.Enqueue(each);
            }

            return [];
        }

        public void CommitAsked(TopicPartition partition, long lease) => Wishes++;

        public void CommitDropped() => Dropped++;

        public void CommitFailed(CommitFailure failure) => Failures.Enqueue(failure);
    }
}
