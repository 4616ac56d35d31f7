using AkkaFeeds.Contracts;
using AkkaFeeds.Ingest.Protocol;
using Xunit;

namespace AkkaFeeds.Tests.Ingest.Protocol;

public sealed class LaneEndTests
{
    [Fact]
    public void A_revoked_lane_asks_for_checkpoints_takes_no_more_records_and_may_still_raise_its_floor()
    {
        var bench = new LaneBench();
        bench.Offer(5, 1, (1, '0'), (3, 'f'));
        bench.Sent.Clear();
        bench.Protocol.Revoke();

        Assert.Equal(LaneBench.Slots[0], Assert.IsType<LaneMessages.CheckpointNow>(Assert.Single(bench.Sent)).Slot);
        Assert.False(bench.Offer(9, 1, (6, '0')));
        Assert.False(bench.Protocol.IsDrained);
        bench.State(0, 1, 1);
        Assert.Equal(5, bench.Protocol.PrepareWrite()!.Floor);
        Assert.False(bench.Protocol.IsDrained);
        bench.Protocol.OnWritten(5);
        Assert.True(bench.Protocol.IsDrained);
    }

    [Fact]
    public void A_lane_whose_ledger_belongs_to_another_ends_once_and_does_nothing_more()
    {
        var bench = new LaneBench();
        bench.Offer(5, 1, (1, 'f'));
        bench.Protocol.PrepareWrite();
        bench.Protocol.OnRefused();
        bench.Protocol.OnRefused();
        bench.Sent.Clear();

        bench.Protocol.OnWritten(5);
        bench.Protocol.AskAll();
        bench.Gap(0);
        Assert.False(bench.Offer(9, 1, (6, '0')));
        Assert.Null(bench.Protocol.PrepareWrite());
        Assert.Null(bench.Protocol.Unanswered);
        Assert.Equal(LaneEndReason.Stale, Assert.Single(bench.Ends).Reason);
        Assert.Empty(bench.Sent);
        Assert.Equal(0, bench.Protocol.Floor);
    }

    [Fact]
    public void A_log_that_begins_behind_the_position_has_lost_a_range()
    {
        var bench = new LaneBench(floor: 5);
        bench.Protocol.OnProbe(new OffsetRange(9, 1_000), bench.Protocol.EndClaimed);
        Assert.Equal(new LaneEnd(LaneEndReason.LostRange, new OffsetRange(5, 9)), Assert.Single(bench.Ends));
    }

    [Fact]
    public void A_log_that_is_shorter_than_it_was_known_to_be_is_another_one()
    {
        var bench = new LaneBench();
        bench.Protocol.OnProbe(new OffsetRange(0, 999), bench.Protocol.EndClaimed);
        Assert.Equal(
            new LaneEnd(LaneEndReason.SourceChanged, new OffsetRange(999, 1_000)), Assert.Single(bench.Ends));
    }

    [Fact]
    public void A_probe_is_held_only_against_what_was_known_when_it_was_begun()
    {
        var bench = new LaneBench();
        var known = bench.Protocol.EndClaimed;
        bench.Protocol.OnEnd(1_200);
        bench.Protocol.OnProbe(new OffsetRange(0, 1_100), known);
        Assert.Empty(bench.Ends);
        Assert.Equal(1_200, bench.Protocol.End);
    }

    [Fact]
    public void A_state_beyond_the_end_that_Kafka_has_shown_is_not_counted_until_Kafka_says_so()
    {
        var bench = new LaneBench();
        bench.Offer(5, 1, (1, '0'));
        bench.State(0, applied: 1_000, durable: 1_000);
        Assert.Equal(1, bench.Protocol.PrepareWrite()!.Floor);
        bench.Protocol.OnWritten(1);

        bench.Protocol.OnProbe(new OffsetRange(0, 1_001), bench.Protocol.EndClaimed);
        bench.State(0, applied: 1_000, durable: 1_000);
        Assert.Equal(5, bench.Protocol.PrepareWrite()!.Floor);
    }

    [Fact]
    public void A_slot_that_folded_a_row_which_an_unclean_election_took_away_ends_the_lane()
    {
        var bench = new LaneBench(floor: 5, leader: new LeaderMark(1, 0));
        bench.State(0, applied: 9, durable: 9, leaderEpoch: 1);
        Assert.Empty(bench.Ends);

        // The record at 7 stands under a newer leader than the row at 9 that the slot has.
        Assert.False(bench.Offer(8, 2, (7, 'f')));
        Assert.Equal(LaneEndReason.SourceChanged, Assert.Single(bench.Ends).Reason);
    }

    [Fact]
    public void The_floor_rises_only_when_every_slot_has_told_where_it_stands()
    {
        var bench = new LaneBench(areTold: false);
        bench.Offer(5, 1, (1, 'f'));
        bench.State(0, applied: -1, durable: -1);
        Assert.Null(bench.Protocol.PrepareWrite());
        bench.State(1, applied: 1_000, durable: 1_000);
        Assert.Null(bench.Protocol.PrepareWrite());
        bench.State(1, applied: -1, durable: -1);
        Assert.Equal(5, bench.Protocol.PrepareWrite()!.Floor);
    }

    [Theory]
    [InlineData(7, 1)]
    [InlineData(8, 1)]
    [InlineData(6, 2)]
    public void The_floor_does_not_rise_over_a_row_that_a_slot_folded_and_the_log_does_not_have(
        long applied, int leaderEpoch)
    {
        var bench = new LaneBench(floor: 5);
        bench.Offer(10, 1, (6, '1'), (7, 'f'));
        bench.State(0, applied, applied, leaderEpoch: leaderEpoch);
        bench.State(1, 6, 6, leaderEpoch: 1);
        Assert.Null(bench.Protocol.PrepareWrite());
        Assert.Equal(
            new LaneEnd(LaneEndReason.SourceChanged, new OffsetRange(applied, 10)), Assert.Single(bench.Ends));
    }

    [Fact]
    public void A_refusal_of_a_row_that_the_log_does_not_have_is_not_counted()
    {
        var bench = new LaneBench(floor: 5);
        bench.State(0, 12, 12, leaderEpoch: 1, refused: 8);
        bench.Offer(8, 1, (6, '1'));
        bench.State(1, 6, 6, leaderEpoch: 1);
        Assert.Equal(8, bench.Protocol.PrepareWrite()!.Floor);
        bench.Protocol.OnWritten(8);
        bench.Offer(10, 1);
        Assert.Null(bench.Protocol.PrepareWrite());
        Assert.Equal(LaneEndReason.SourceChanged, Assert.Single(bench.Ends).Reason);
    }

    [Fact]
    public void What_the_ledger_knows_of_the_leader_is_held_against_slots_that_come_later()
    {
        var bench = new LaneBench(floor: 20, leader: new LeaderMark(2, 7));
        bench.State(0, applied: 6, durable: 6, leaderEpoch: 1);
        Assert.Empty(bench.Ends);
        bench.State(0, applied: 9, durable: 9, leaderEpoch: 1);
        Assert.Equal(new OffsetRange(7, 10), Assert.Single(bench.Ends).Range);
    }
}
