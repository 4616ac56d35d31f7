using AkkaFeeds.Kafka;
using AkkaFeeds.Kafka.Consuming;
using Confluent.Kafka;
using Xunit;

namespace AkkaFeeds.Tests.Kafka;

public sealed class PartitionLeaseTests
{
    private static readonly TopicPartition First = new("orders", 0);
    private readonly Owner owner = new();
    private readonly PartitionLease<int, int> lease;
    private int signals;

    public PartitionLeaseTests() => lease = new(First, 7, owner);

    [Fact]
    public void A_revoke_emits_none_of_a_thousand_buffered_rows()
    {
        Assert.True(lease.Attach(() => signals++));
        lease.Offer(Batch(0, 500));
        lease.Offer(Batch(500, 500));
        Assert.Equal(2_000, owner.Held);

        lease.End();

        Assert.Equal(TakeResult.Ended, lease.Take(out var batch));
        Assert.Null(batch);
        Assert.Equal(0, owner.Held);
        lease.Offer(Batch(1_000, 500));
        Assert.Equal(TakeResult.Ended, lease.Take(out _));
        Assert.Equal(0, owner.Held);
        Assert.Equal(1, signals);
    }

    [Fact]
    public void A_seek_drops_what_is_buffered_and_what_was_fetched_before_it()
    {
        lease.Attach(() => signals++);
        lease.Offer(Batch(0, 10));
        var generation = lease.RequestSeek(5, out var offerAgain);
        lease.Offer(Batch(10, 10));

        Assert.Equal((1, false), (generation, offerAgain));
        Assert.Equal(TakeResult.Nothing, lease.Take(out _));
        Assert.Equal(0, owner.Held);
        lease.Offer(Batch(5, 10, generation));
        Assert.Equal(TakeResult.Taken, lease.Take(out var batch));
        Assert.Equal(15, batch!.NextOffset);
    }

    [Fact]
    public void A_seek_asked_for_while_another_is_done_is_not_forgotten()
    {
        lease.RequestSeek(5, out _);
        Assert.True(lease.TrySeekTarget(out _, out var first));
        lease.RequestSeek(9, out _);
        lease.SeekDone(first);

        Assert.True(lease.TrySeekTarget(out var target, out var second));
        Assert.Equal((9L, 2), (target.Value, second));
        lease.SeekDone(second);
        Assert.False(lease.TrySeekTarget(out _, out _));
    }

    [Fact]
    public void A_start_that_becomes_known_after_a_seek_does_not_undo_it()
    {
        lease.RequestSeek(9, out _);
        Assert.True(lease.TrySeekTarget(out _, out var generation));
        lease.SeekDone(generation);

        lease.RequestStart(0);

        Assert.False(lease.TrySeekTarget(out _, out _));
    }

    [Fact]
    public void A_failure_is_told_even_where_the_lease_ends_right_after_it()
    {
        lease.Attach(() => signals++);
        lease.Fail(new InvalidOperationException("broken"));
        lease.End();

        Assert.Equal("broken", lease.Failure?.Message);
        Assert.Equal(TakeResult.Failed, lease.Take(out _));
    }

    [Fact]
    public void What_is_buffered_before_a_failure_is_taken_before_it()
    {
        lease.Attach(() => signals++);
        lease.Offer(Batch(0, 10));
        lease.Fail(new InvalidOperationException("broken"));

        Assert.Null(lease.Failure);
        Assert.Equal(TakeResult.Taken, lease.Take(out _));
        Assert.Equal(TakeResult.Failed, lease.Take(out _));
        Assert.Equal("broken", lease.Failure?.Message);
        lease.Detach();
        Assert.False(lease.TryOffer());
        lease.RequestSeek(0, out var offerAgain);
        Assert.True(offerAgain);
    }

    [Fact]
    public void A_seek_between_the_end_of_a_reader_and_the_stage_that_hears_of_it_offers_the_lease_once()
    {
        Assert.True(lease.TryOffer());
        lease.Attach(() => signals++);
        lease.Fail(new InvalidOperationException("broken"));
        lease.Detach();

        lease.RequestSeek(0, out var offerAgain);

        Assert.True(offerAgain);
        Assert.False(lease.TryOffer());
        lease.Attach(() => signals++);
        Assert.False(lease.TryOffer());
        lease.Detach();
        Assert.True(lease.TryOffer());
    }

    [Fact]
    public void A_lease_that_fails_before_its_first_reader_has_come_is_not_offered_again_by_a_seek()
    {
        Assert.True(lease.TryOffer());
        lease.Fail(new InvalidOperationException("no position"));
        lease.RequestSeek(0, out var offerAgain);
        Assert.False(offerAgain);
    }

    [Fact]
    public void A_lease_has_one_reader_and_keeps_what_a_detached_one_did_not_take()
    {
        Assert.True(lease.Attach(() => signals++));
        Assert.False(lease.Attach(() => signals++));
        lease.Offer(Batch(0, 10));
        lease.Detach();

        Assert.True(lease.Attach(() => signals++));
        Assert.Equal(TakeResult.Taken, lease.Take(out _));
    }

    [Fact]
    public void A_waiting_reader_is_signalled_once()
    {
        lease.Attach(() => signals++);
        lease.Offer(Batch(0, 10));
        Assert.Equal(0, signals);
        lease.Take(out _);
        lease.Take(out _);
        lease.Offer(Batch(10, 10));
        lease.Offer(Batch(20, 10));
        Assert.Equal(1, signals);
    }

    [Fact]
    public void Ends_without_records_do_not_pile_up_for_a_reader_that_stalls()
    {
        for (var offset = 0; offset < 1_000; offset++)
        {
            owner.AddHeld(64);
            lease.Offer(new(First, 7, 0, [], new(offset, -1, true, offset, 64)));
        }

        Assert.Equal(64, owner.Held);
        Assert.Equal(TakeResult.Taken, lease.Take(out var batch));
        Assert.Equal(999, batch!.NextOffset);
        Assert.Equal(TakeResult.Nothing, lease.Take(out _));
    }

    private RecordBatch<int, int> Batch(long offset, int count, int generation = 0)
    {
        owner.AddHeld(count * 2);
        var records = Enumerable.Range(0, count)
            .Select(each => new KafkaRecord<int, int>(each, each, offset + each, 0, new(0, true, true, false, [])));
        return new(First, 7, generation, [.. records], new(offset + count, 0, false, offset + count, count * 2));
    }

    private sealed class Owner : ILeaseOwner
    {
        public long Held { get; private set; }

        public void AddHeld(long bytes) => Held += bytes;

        public void Taken(long bytesLeft) => Assert.True(bytesLeft >= 0);
    }
}
