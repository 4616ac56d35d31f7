using AkkaFeeds.Contracts;
using AkkaFeeds.Freshness;
using AkkaFeeds.Telemetry;
using Xunit;

namespace AkkaFeeds.Tests.Freshness;

/// <summary>The states of section 6 of the product's design, as far as partitions and the store decide them.</summary>
public sealed class FeedBoardTests
{
    private static readonly LaneId Lane = new("flights", 1, "id", "flights", 0);
    private static readonly LaneId Other = new("flights", 1, "id", "flights", 1);

    private readonly HandClock clock = new();
    private readonly FreshnessBoard boards;
    private readonly FeedBoard board;

    public FeedBoardTests()
    {
        var promise = new Dictionary<string, TimeSpan?> { ["flights"] = TimeSpan.FromSeconds(2) };
        boards = new FreshnessBoard(clock, promise, new Dictionary<string, int>());
        board = boards.Of("flights");
        board.Expect("flights", 1);
    }

    [Fact]
    public void A_partition_that_nobody_reads_is_unowned_until_a_lane_reports()
    {
        Assert.Equal(("partition-unowned", "flights/0"), (State().Reason, State().Missing!.Single()));
        Report();
        Assert.Equal(FreshnessState.Live, State().State);
    }

    [Fact]
    public void A_lane_that_falls_silent_leaves_its_partition_unowned_within_two_seconds()
    {
        Report();
        clock.Advance(TimeSpan.FromSeconds(1.7));
        Assert.Equal("partition-unowned", State().Reason);
    }

    [Fact]
    public void A_broker_that_does_not_answer_makes_its_partitions_unreachable_since_the_last_answer()
    {
        var contact = clock.Milliseconds;
        Report();
        clock.Advance(TimeSpan.FromSeconds(1.7));
        Report(contact: contact);
        Assert.Equal(("source-unreachable", contact), (State().Reason, State().Since));
        Report();
        Assert.Equal(FreshnessState.Live, State().State);
    }

    [Fact]
    public void A_lane_behind_its_promise_is_stale_and_one_at_the_end_is_not()
    {
        Report(position: 5, end: 9, read: clock.Milliseconds - 2_500);
        Assert.Equal("behind-slo", State().Reason);
        Report(position: 9, end: 9, read: clock.Milliseconds);
        Assert.Equal(FreshnessState.Live, State().State);
    }

    [Fact]
    public void A_lane_that_has_read_nothing_yet_is_behind_since_the_node_began()
    {
        var opened = clock.Milliseconds;
        clock.Advance(TimeSpan.FromSeconds(1));
        Report(position: 5, end: 9, read: 0);
        Assert.Equal(("behind-slo", opened), (State().Reason, State().Since));
    }

    [Fact]
    public void An_open_transaction_is_named_once_it_hides_records_for_long()
    {
        var since = clock.Milliseconds;
        Report(heldSince: since);
        Assert.Equal(FreshnessState.Live, State().State);
        clock.Advance(TimeSpan.FromSeconds(1.6));
        Report(heldSince: since);
        Assert.Equal(("open-transaction", since), (State().Reason, State().Since));
    }

    [Fact]
    public void A_lane_that_ended_with_a_condition_names_it_until_another_reads()
    {
        Report();
        board.Ended(Lane, "lost-range");
        Assert.Equal("lost-range", State().Reason);
        Report();
        Assert.Equal(FreshnessState.Live, State().State);
    }

    [Fact]
    public void A_store_that_is_down_makes_everything_stale_until_it_works()
    {
        Report();
        boards.Store.Failed();
        clock.Advance(TimeSpan.FromSeconds(1));
        boards.Store.Failed();
        Report();
        Assert.Equal(("store-down", clock.Milliseconds - 1000), (State().Reason, State().Since));
        boards.Store.Worked();
        Assert.Equal(FreshnessState.Live, State().State);
    }

    [Fact]
    public void Records_without_a_key_that_are_missing_make_the_feed_partial_and_a_key_for_itself()
    {
        Report(missing: "quarantined");
        Assert.Equal(FreshnessState.Partial, State().State);
        Report();
        Assert.Equal(FreshnessState.Partial, board.StateOf((_, _) => true, 5, (_, _) => null).State);
    }

    [Fact]
    public void What_is_missing_is_so_since_the_first_record_and_not_since_somebody_looked()
    {
        board.Expect("flights", 2);
        Report(missing: "quarantined", missingSince: 700);
        Report(missing: "quarantined", missingSince: 500, lane: Other);
        Assert.Equal(("quarantined", 500), (State().Reason, State().Since));

        // One of them was put aside before that was noted.
        Report(missing: "quarantined", lane: Other);
        Assert.Equal(("quarantined", null), (State().Reason, State().Since));
        Assert.Equal(300, board.StateOf((_, _) => true, 300, (_, _) => null).Since);
        Report(missing: "lost-range", lane: Other);
        Assert.Equal(("lost-range", null), (State().Reason, State().Since));
    }

    [Fact]
    public void Quarantined_records_are_those_of_all_partitions_and_stand_when_a_lane_has_ended()
    {
        Report(quarantined: [new("decode", 2), new("type", 1)]);
        Report(quarantined: [new("type", 4)], lane: Other);
        board.Ended(Lane);
        Assert.Equal(
            [("decode", 2), ("type", 1), ("type", 4)],
            board.Quarantined().Select(each => (each.Key, each.Value)).Order());

        using var metrics = new FeedMetrics(["flights"], clock);
        using var status = new FeedsStatus(boards, metrics, ["flights"], clock, () => "node");
        metrics.Quarantined("flights", Reasons.Limit, 9);
        Assert.Equal(
            [("bad-key", 0), ("decode", 2), ("future", 0), ("limit", 0), ("overflow", 0), ("time", 0), ("type", 5)],
            status.Of("flights").Quarantined.Select(each => (each.Key, each.Value)));
    }

    [Fact]
    public void A_feed_is_rebuilding_while_one_of_its_slots_is()
    {
        Report();
        board.Slots.Is(3, isRebuilding: true);
        Assert.Equal(FreshnessState.Rebuilding, ((IFeedProgress)boards).Of("flights").State);
        board.Slots.Is(3, isRebuilding: false);
        Assert.Equal(FreshnessState.Live, ((IFeedProgress)boards).Of("flights").State);
    }

    [Fact]
    public void A_slot_that_does_not_take_what_its_lane_has_read_is_stale_although_the_lane_is_at_the_end()
    {
        Report(position: 9, end: 9);
        var stuck = clock.Milliseconds;
        clock.Advance(TimeSpan.FromSeconds(1));
        for (var second = 1; second <= 4; second++)
        {
            Report(position: 9 + second, end: 9 + second);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(FreshnessState.Live, State(read: 13).State);
        Assert.Equal(FreshnessState.Live, State(read: 11).State);
        Assert.Equal(
            ("behind-slo", stuck + 1_000, "flights/0"),
            (State(read: 9).Reason, State(read: 9).Since, State(read: 9).Missing!.Single()));
    }

    [Fact]
    public void A_lane_that_reads_again_says_nothing_of_what_its_slots_have_read_before()
    {
        Report(position: 20, end: 20);
        clock.Advance(TimeSpan.FromSeconds(4));
        Report(position: 5, end: 20);
        Assert.Equal(FreshnessState.Live, State(read: 10).State);
    }

    [Fact]
    public void A_slot_whose_node_hears_no_lane_is_behind_since_it_heard_one_last()
    {
        Report(position: 20, end: 20);
        var heardAt = clock.Milliseconds;
        clock.Advance(TimeSpan.FromSeconds(1.4));
        Assert.Null(board.BehindSince(Lane.Topic, Lane.Partition, read: 20));

        clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(heardAt, board.BehindSince(Lane.Topic, Lane.Partition, read: 20));
    }

    private FreshnessStatus State(long read) => board.StateOf(
        (_, _) => true, null, (topic, partition) => board.BehindSince(topic, partition, read));

    private FreshnessStatus State() => board.StateOf((_, _) => true, null, (_, _) => null);

    private void Report(
        long position = 9, long end = 9, long? read = null, long? contact = null, string? missing = null,
        long? heldSince = null, long? missingSince = null, LaneId? lane = null,
        IReadOnlyList<KeyValuePair<string, long>>? quarantined = null) => board.Report(new LaneReport(
            lane ?? Lane, position, end, read ?? clock.Milliseconds, contact ?? clock.Milliseconds, missing, heldSince)
        {
            MissingSince = missingSince,
            Quarantined = quarantined ?? [],
        });

    private sealed class HandClock : TimeProvider
    {
        private DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(1_764_000_000_000);

        public long Milliseconds => now.ToUnixTimeMilliseconds();

        public void Advance(TimeSpan by) => now += by;

        public override DateTimeOffset GetUtcNow() => now;
    }
}
