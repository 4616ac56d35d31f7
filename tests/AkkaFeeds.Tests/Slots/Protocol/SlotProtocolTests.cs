using AkkaFeeds.Contracts;
using AkkaFeeds.Slots.Protocol;
using Xunit;

namespace AkkaFeeds.Tests.Slots.Protocol;

public sealed class SlotProtocolTests
{
    [Fact]
    public void Rows_are_folded_once_in_order_and_each_message_is_answered()
    {
        var bench = new SlotBench();
        bench.Rows(null, [1, 3]);
        bench.Rows(null, [1, 3, 5]);
        bench.Rows(5, [8]);
        bench.Ask(8);

        Assert.Equal([1, 3, 5, 8], bench.Folded);
        Assert.Equal([3, 5, 8, 8], bench.Replies.Cast<LaneMessages.State>().Select(state => state.Applied));
        Assert.Equal([0, 2, 0, 0], bench.Replies.Cast<LaneMessages.State>().Select(state => state.Duplicates));
    }

    [Fact]
    public void A_hole_is_answered_with_a_gap_of_that_round_and_changes_nothing()
    {
        var bench = new SlotBench();
        bench.Rows(null, [1]);
        bench.Rows(3, [5], round: 4);

        Assert.Equal(new LaneMessages.Gap(SlotBench.Slot, SlotBench.Lane, "a", 4), bench.Replies[^1]);
        Assert.Equal([1], bench.Folded);
        Assert.Equal(2, Assert.Single(bench.Protocol.Tracks).Read);
    }

    [Fact]
    public void A_lease_is_held_until_the_journal_has_said_that_nobody_wrote_on()
    {
        var bench = new SlotBench { Highest = null };
        bench.Rows(null, [1]);
        bench.Rows(1, [2]);
        Assert.Empty(bench.Folded);
        Assert.False(bench.Protocol.CanCut);

        // Both wait: the second came while the journal was being read, so it is asked once more for that one.
        bench.Protocol.OnHighest(7, 7);
        Assert.Equal([1], bench.Folded);
        bench.Protocol.OnHighest(7, 7);
        Assert.Equal([1, 2], bench.Folded);
        bench.Rows(2, [3]);
        Assert.Equal(2, bench.JournalAsked);
    }

    [Fact]
    public void A_lease_met_while_a_checkpoint_is_written_waits_for_that()
    {
        var bench = new SlotBench();
        bench.Rows(null, [1]);
        bench.Protocol.Cut();
        bench.Rows(1, [2], lease: "b");
        Assert.Equal(1, bench.JournalAsked);
        bench.Protocol.OnCutStored();
        Assert.Equal(2, bench.JournalAsked);
        Assert.Equal([1, 2], bench.Folded);
    }

    [Theory]
    [InlineData(8, "another incarnation")]
    [InlineData(6, "store-rolled-back")]
    public void A_journal_that_is_not_where_the_slot_left_it_stops_the_slot(long highest, string reason)
    {
        var bench = new SlotBench { Highest = highest };
        bench.Rows(null, [1]);
        Assert.Contains(reason, Assert.Single(bench.Stops));
        Assert.Empty(bench.Folded);
        Assert.Empty(bench.Replies);
    }

    [Fact]
    public void Rows_that_a_floor_calls_durable_and_the_slot_lacks_are_looked_for_in_the_journal()
    {
        var bench = new SlotBench();
        bench.Rows(null, [1]);
        bench.Highest = 9;
        bench.Rows(5, [8], floor: 6);
        Assert.Contains("another incarnation", Assert.Single(bench.Stops));
    }

    [Fact]
    public void A_store_that_went_back_is_named_once_and_its_lane_is_not_led_round_in_rewinds()
    {
        var bench = new SlotBench();
        bench.Rows(null, [1]);
        bench.Rows(5, [8], floor: 6);
        bench.Rows(8, [9], floor: 6);
        bench.Ask(9, floor: 6, read: 10);

        Assert.Equal(["store-rolled-back"], bench.Conditions);
        Assert.Empty(bench.Stops);
        Assert.DoesNotContain(bench.Replies, reply => reply is LaneMessages.Gap);
        Assert.Equal([1], bench.Folded);

        // A lane that begins at a floor which the store still has is followed again.
        bench.Rows(null, [2, 5, 8], floor: 2, lease: "b");
        Assert.Equal([1, 2, 5, 8], bench.Folded);
    }

    [Fact]
    public void Durable_becomes_what_was_captured_and_not_what_came_since()
    {
        var bench = new SlotBench();
        bench.Rows(null, [1]);
        var cut = Assert.Single(bench.Protocol.Cut());
        bench.Rows(1, [2]);
        Assert.Equal((2, -1), (bench.LastState.Applied, bench.LastState.Durable));
        bench.Protocol.OnCutStored();

        Assert.Equal(1, cut.Applied);
        Assert.Equal((2, 1), (bench.Told[^1].Applied, bench.Told[^1].Durable));
        Assert.True(bench.Protocol.CanCut);
    }

    [Fact]
    public void A_failed_write_stops_the_slot_and_raises_nothing()
    {
        var bench = new SlotBench();
        bench.Rows(null, [1]);
        bench.Protocol.Cut();
        bench.Protocol.OnWriteFailed("rejected");
        bench.Protocol.OnCutStored();
        bench.Rows(1, [2]);

        Assert.Equal(["rejected"], bench.Stops);
        Assert.Empty(bench.Told);
        Assert.Equal([1], bench.Folded);
    }

    [Fact]
    public void Refusals_are_told_when_durable_again_and_again_and_forgotten_below_the_floor_only()
    {
        var bench = new SlotBench();
        bench.Refuses.Add(2);
        bench.Rows(null, [1, 2, 3]);
        Assert.Empty(bench.LastState.Refusals);
        bench.Protocol.Cut();
        bench.Protocol.OnCutStored();

        bench.Ask(3);
        bench.Ask(3, floor: 2);
        Assert.Equal(2, Assert.Single(bench.LastState.Refusals).Offset);
        bench.Ask(3, floor: 3);
        Assert.Empty(bench.LastState.Refusals);
    }

    [Fact]
    public void The_gate_opens_when_the_end_of_the_first_message_that_names_this_incarnation_is_read()
    {
        var bench = new SlotBench();
        bench.Ask(null, read: 40, epoch: null, end: 40);
        bench.Ask(null, read: 40, epoch: "e0", end: 40);
        Assert.True(bench.Protocol.IsRebuilding);
        bench.Ask(null, read: 40, end: 60);
        bench.Ask(null, read: 59, end: 80);
        Assert.True(bench.Protocol.IsRebuilding);
        bench.Ask(null, read: 60, end: 80);
        Assert.False(bench.Protocol.IsRebuilding);
    }

    [Fact]
    public void The_gate_follows_the_end_of_a_log_that_was_cut_down_and_only_with_another_lane()
    {
        var bench = new SlotBench();
        bench.Ask(null, read: 40, end: 90);
        bench.Ask(null, read: 40, end: 60);
        bench.Ask(null, read: 60, end: 60);
        Assert.True(bench.Protocol.IsRebuilding);
        bench.Ask(null, read: 60, lease: "b", epoch: "e0", end: 60);
        Assert.True(bench.Protocol.IsRebuilding);
        bench.Ask(null, read: 60, lease: "b", end: 60);
        Assert.False(bench.Protocol.IsRebuilding);
    }

    [Fact]
    public void A_row_that_the_log_no_longer_has_is_taken_back_by_recovery_or_named_when_it_is_durable()
    {
        var undurable = new SlotBench();
        undurable.Rows(null, [1, 4]);
        undurable.Rows(1, [6], floor: 1);
        Assert.Contains("no longer has the row at 4", Assert.Single(undurable.Stops));

        var durable = new SlotBench(new Watermark(SlotBench.Lane, 4, 1, []));
        durable.Rows(1, [6], floor: 1);
        Assert.Equal(["source-changed"], durable.Conditions);
        Assert.Empty(durable.Folded);
    }

    [Fact]
    public void The_same_offset_under_another_leader_epoch_is_another_row()
    {
        var within = new SlotBench(new Watermark(SlotBench.Lane, 4, 1, []));
        within.Rows(1, [4, 6], leaderEpoch: 2);
        Assert.Equal(["source-changed"], within.Conditions);

        var behind = new SlotBench(new Watermark(SlotBench.Lane, 4, 1, []));
        behind.Ask(4, read: 10, previousLeaderEpoch: 2);
        Assert.Equal(["source-changed"], behind.Conditions);
    }

    [Fact]
    public void Messages_of_another_generation_slot_or_feed_are_not_taken()
    {
        var bench = new SlotBench();
        var ask = new LaneMessages.Ask(SlotBench.Slot, SlotBench.Lane, "a", 0, 0, null, -1, 1, 1, null);
        bench.Protocol.On(ask with { Lane = SlotBench.Lane with { Generation = 2 } });
        bench.Protocol.On(ask with { Lane = SlotBench.Lane with { Feed = "g" } });
        bench.Protocol.On(ask with { Slot = SlotBench.Slot with { Index = 1 } });
        Assert.Empty(bench.Replies);
        Assert.Empty(bench.Protocol.Tracks);
    }

    [Fact]
    public void Another_topic_id_is_another_partition()
    {
        var bench = new SlotBench(new Watermark(SlotBench.Lane, 50, 1, []));
        bench.Protocol.On(new LaneMessages.Rows(
            SlotBench.Slot, SlotBench.Lane with { TopicId = "made-again" }, "a", 0, 0, null, -1, 3, 3, null, 1,
            Ingest.Protocol.LaneBench.Block(1, 2)));
        Assert.Equal([1, 2], bench.Folded);
    }
}
