using AkkaFeeds.Contracts;
using AkkaFeeds.Ingest.Protocol;
using Xunit;

namespace AkkaFeeds.Tests.Ingest.Protocol;

public sealed class LaneProtocolTests
{
    [Fact]
    public void Rows_name_what_they_continue_from_and_up_to_where_all_were_sent()
    {
        var bench = new LaneBench(floor: 5);
        bench.Offer(12, 3, (5, '0'), (7, '1'), (9, '0'));
        bench.Offer(20, 4, (15, '0'));

        var first = bench.RowsOf(0)[0];
        Assert.Null(first.Previous);
        Assert.Equal((5, 12, 1_000), (first.Floor, first.Read, first.End));
        Assert.Equal([5, 9], first.Block.Offsets);
        var second = bench.RowsOf(0)[1];
        Assert.Equal(9, second.Previous);
        Assert.Equal((3, 20, 4), (second.PreviousLeaderEpoch, second.Read, second.LeaderEpoch));
    }

    [Fact]
    public void The_floor_stops_at_the_lowest_row_that_is_not_durable_in_any_slot()
    {
        var bench = new LaneBench();
        bench.Offer(10, 1, (1, '0'), (2, 'f'), (3, '1'), (5, '0'), (8, 'f'));
        Assert.Equal(1, bench.Protocol.PrepareWrite()!.Floor);
        bench.Protocol.OnWritten(1);

        bench.State(0, applied: 5, durable: 5);
        var write = bench.Protocol.PrepareWrite()!;
        Assert.Equal(3, write.Floor);
        Assert.Equal(new LedgerCounts(1, 1, 0, 0, 0), write.Counts);
        bench.Protocol.OnWritten(3);

        bench.State(1, applied: 3, durable: 3);
        write = bench.Protocol.PrepareWrite()!;
        Assert.Equal(10, write.Floor);
        Assert.Equal(new LedgerCounts(3, 2, 0, 0, 0), write.Counts);
        Assert.Equal(105, write.NewestEventTime);
    }

    [Fact]
    public void Control_records_at_the_end_raise_the_floor_so_that_the_lag_becomes_nothing()
    {
        var bench = new LaneBench();
        bench.Offer(3, -1);
        Assert.Equal(3, bench.Protocol.PrepareWrite()!.Floor);
    }

    [Fact]
    public void A_refused_row_is_quarantined_once_however_often_it_is_told()
    {
        var bench = new LaneBench();
        bench.Offer(5, 1, (1, '0'), (2, 'q'), (3, 'l'), (4, '0'));
        bench.State(0, 4, 4, refused: 1);
        bench.State(0, 4, 4, refused: 1);

        var write = bench.Protocol.PrepareWrite()!;
        Assert.Equal(new LedgerCounts(1, 0, 1, 2, 1), write.Counts);
        Assert.Equal([1, 2, 3], write.Entries.Select(entry => entry.Offset).Order());
    }

    [Fact]
    public void A_refused_row_stands_in_the_ledger_with_its_bytes()
    {
        var bench = new LaneBench();
        bench.Offer(3, 1, (1, '0'), (2, '1'));
        bench.Offer(6, 1, (4, '0'), (5, '0'));
        bench.State(1, 2, 2, refused: 2);
        bench.State(0, 5, 5, refused: [4]);
        Assert.Equal([(2, 2), (4, 4)], bench.Protocol.PrepareWrite()!.Entries.Select(ValueOf));
    }

    [Fact]
    public void Bytes_are_kept_from_the_hint_of_a_slot_until_its_refusal_is_durable()
    {
        var bench = new LaneBench();
        bench.Offer(3, 1, (1, '0'), (2, '0'));
        bench.RefusedNow(0, applied: 2, offset: 1);
        bench.Offer(6, 1, (4, '0'), (5, '0'));
        bench.State(0, 5, 1, refused: 1);
        Assert.Equal([(1, 1)], bench.Protocol.PrepareWrite()!.Entries.Select(ValueOf));
    }

    [Fact]
    public void A_row_that_was_refused_before_this_lane_read_it_gets_its_bytes_when_it_is_read()
    {
        var bench = new LaneBench();
        bench.Offer(3, 1, (1, '0'));
        bench.State(0, 4, 1, refused: 4);
        bench.Offer(6, 1, (4, '0'), (5, '1'));
        bench.State(0, 4, 4, refused: 4);
        bench.State(1, 5, 5);
        Assert.Equal([(4, 4)], bench.Protocol.PrepareWrite()!.Entries.Select(ValueOf));
    }

    [Fact]
    public void Beyond_the_limit_the_oldest_bytes_go_and_the_entry_stays()
    {
        var bench = new LaneBench(options: new LaneOptions { RecordsWithBytesMax = 2 });
        bench.Offer(3, 1, (1, '0'), (2, '0'));
        bench.Offer(6, 1, (4, '0'), (5, '0'));
        bench.State(0, 5, 5, refused: [1, 4]);
        Assert.Equal([(1, -1), (4, 4)], bench.Protocol.PrepareWrite()!.Entries.Select(ValueOf));
    }

    [Fact]
    public void A_refusal_survives_a_rewind_because_its_slot_may_have_forgotten_it()
    {
        var bench = new LaneBench();
        bench.Offer(5, 1, (1, '0'), (4, '1'));
        bench.State(0, 1, 1, refused: 1);
        bench.Gap(round: 0);
        bench.Offer(5, 1, (1, '0'), (4, '1'));
        bench.State(0, 1, 1);
        bench.State(1, 4, 4);

        Assert.Equal(new LedgerCounts(1, 0, 0, 1, 0), bench.Protocol.PrepareWrite()!.Counts);
    }

    [Fact]
    public void A_write_without_an_answer_is_sent_again_as_it_was_and_the_second_answer_does_nothing()
    {
        var bench = new LaneBench();
        bench.Offer(5, 1, (1, 'f'));
        var write = bench.Protocol.PrepareWrite();
        bench.Offer(9, 1, (6, 'f'));

        Assert.Null(bench.Protocol.PrepareWrite());
        Assert.Same(write, bench.Protocol.Unanswered);
        bench.Protocol.OnWritten(5);
        var next = bench.Protocol.PrepareWrite()!;
        bench.Protocol.OnWritten(5);
        Assert.Same(next, bench.Protocol.Unanswered);
        Assert.Equal(5, bench.Protocol.Floor);
    }

    [Fact]
    public void A_gap_rewinds_to_the_floor_behind_the_last_durable_row_and_only_in_its_round()
    {
        var bench = new LaneBench();
        bench.Offer(6, 1, (1, '0'), (3, '1'), (5, '0'));
        bench.State(0, 1, 1);
        bench.State(1, 3, 3);
        bench.Protocol.PrepareWrite();
        bench.Protocol.OnWritten(5);
        bench.Gap(round: 0);
        bench.Gap(round: 0);
        bench.Gap(round: 1, lease: "another");

        Assert.Equal([(5L, 1, 103L)], bench.Rewinds);
        Assert.Equal((5, 1), (bench.Protocol.Position, bench.Protocol.Round));
        bench.Sent.Clear();
        bench.Offer(6, 1, (5, '0'));
        Assert.Equal(1, bench.RowsOf(0)[0].Previous);
    }

    [Fact]
    public void A_gap_waits_for_the_answer_of_a_write_because_the_ledger_may_have_it()
    {
        var bench = new LaneBench();
        bench.Offer(6, 1, (1, 'f'), (5, '0'));
        bench.Protocol.PrepareWrite();
        bench.Gap(round: 0);
        Assert.Empty(bench.Rewinds);
        Assert.False(bench.Protocol.CanAccept);

        bench.Protocol.OnWritten(5);
        Assert.Equal(5, Assert.Single(bench.Rewinds).Offset);
    }

    [Fact]
    public void What_was_fetched_before_a_rewind_is_dropped_for_ever()
    {
        var bench = new LaneBench();
        bench.Offer(6, 1, (1, '0'));
        var stale = new ClassifiedBatch
        {
            FetchGeneration = 0, Offsets = [7], Outcomes = [Outcome.Filtered], EventTimes = [0],
            Blocks = new RowBlock?[2], Entries = [], Next = 8, LeaderEpoch = 1,
        };
        bench.Gap(round: 0);

        Assert.False(bench.Protocol.Offer(stale));
        Assert.Equal(0, bench.Protocol.Position);
    }

    [Fact]
    public void Credit_ends_at_the_limit_and_comes_back_with_what_is_applied()
    {
        var bench = new LaneBench(options: new LaneOptions { RowsInFlightMax = 2, RecordsAboveFloorMax = 5 });
        bench.Offer(3, 1, (1, '0'), (2, '0'));
        Assert.False(bench.Protocol.CanAccept);
        bench.State(0, applied: 1, durable: -1);
        Assert.True(bench.Protocol.CanAccept);
        bench.State(0, applied: 2, durable: -1);

        // Applied is not enough for ever: what is kept for the floor is bounded too, and only a checkpoint makes room.
        bench.Offer(6, 1, (3, 'f'), (4, 'f'), (5, 'f'));
        Assert.False(bench.Protocol.CanAccept);
        bench.State(0, applied: 2, durable: 2);
        bench.Protocol.PrepareWrite();
        bench.Protocol.OnWritten(6);
        Assert.True(bench.Protocol.CanAccept);
    }

    [Fact]
    public void A_slot_that_names_a_new_epoch_is_asked_at_once_and_only_then()
    {
        var bench = new LaneBench();
        bench.State(1, -1, -1, epoch: "e1");
        bench.State(1, -1, -1, epoch: "e1");
        bench.State(1, -1, -1, epoch: "e2");

        Assert.Equal(["e1", "e2"], bench.Sent.Cast<LaneMessages.Ask>().Select(ask => ask.Epoch));
        Assert.All(bench.Sent, message => Assert.Equal(1, message.Slot.Index));
    }

    [Fact]
    public void States_of_another_topic_id_generation_or_slot_change_nothing()
    {
        var bench = new LaneBench();
        bench.Offer(5, 1, (1, '0'));
        foreach (var (slot, lane) in new (SlotId, LaneId)[]
        {
            (LaneBench.Slots[0], LaneBench.Lane with { TopicId = "another" }),
            (LaneBench.Slots[0] with { Generation = 2 }, LaneBench.Lane),
            (LaneBench.Slots[0] with { Index = 7 }, LaneBench.Lane),
        })
        {
            bench.Protocol.On(new LaneMessages.State(slot, lane, "e", 4, -1, 4, [], 0));
        }

        Assert.Equal(1, bench.Protocol.PrepareWrite()!.Floor);
    }

    private static (long Offset, long Value) ValueOf(LedgerEntry entry) =>
        (entry.Offset, entry.Value.IsEmpty ? -1 : BitConverter.ToInt64(entry.Value.Span));
}
