using AkkaFeeds.Contracts;
using AkkaFeeds.Relays;
using Xunit;

namespace AkkaFeeds.Tests.Relays;

public sealed class RowsMergeTests
{
    private static readonly SlotId[] Slots = [new("flights", 1, 0), new("flights", 1, 1)];

    private readonly RowsMerge merge = new("flights", "r1", new RowsQuery("", null, null, false, 10), Slots);

    [Fact]
    public void A_slot_whose_answer_may_be_on_its_way_is_not_asked_again_at_once()
    {
        Assert.Equal(Slots, merge.ToAsk(At(0)));
        merge.On(new SlotQueries.Unchanged(Slots[1]), At(100));
        Assert.Equal([Slots[1]], merge.ToAsk(At(250)));
        Assert.False(merge.IsAnswered);
        merge.On(Rows(0), At(800));
        merge.On(Rows(1), At(900));
        Assert.True(merge.IsAnswered);
        Assert.Equal(Slots, merge.ToAsk(At(1_000)));
    }

    [Fact]
    public void What_was_lost_is_asked_for_again_before_the_slot_counts_as_gone()
    {
        Assert.Equal(Slots, merge.ToAsk(At(0)));
        merge.On(Rows(0), At(10));
        merge.On(Rows(1), At(10));
        Assert.NotNull(merge.Merge(null, At(10), storeDown: false));

        Assert.Equal(Slots, merge.ToAsk(At(250)));
        merge.On(new SlotQueries.Unchanged(Slots[0]), At(260));
        Assert.Empty(merge.ToAsk(At(1_240)).Except([Slots[0]]));
        Assert.Contains(Slots[1], merge.ToAsk(At(1_250)));
        Assert.InRange(At(1_250) - At(10), TimeSpan.Zero, RowsMerge.AnswerPatience);
    }

    [Fact]
    public void What_a_former_incarnation_answered_and_comes_late_is_not_shown()
    {
        merge.On(Rows(0) with { Incarnation = 7, Total = 3 }, At(0));
        merge.On(Rows(1) with { Incarnation = 5, Total = 1 }, At(0));
        merge.On(Rows(0) with { Incarnation = 6, Total = 2 }, At(10));
        Assert.Equal(4, merge.Merge(null, At(20), storeDown: false)!.Total);
    }

    [Fact]
    public void What_a_former_incarnation_answers_says_nothing_of_whether_the_slot_is_there()
    {
        merge.On(WithRow(incarnation: 7), At(0));
        merge.On(Rows(1), At(0));
        var first = merge.Merge(null, At(0), storeDown: false)!;
        Assert.Equal(FreshnessState.Live, first.Find("ATL")!.State);

        merge.On(new SlotQueries.Unchanged(Slots[0]) { Incarnation = 6 }, At(1_000));
        merge.On(new SlotQueries.Unchanged(Slots[1]), At(1_000));
        Assert.Equal(
            FreshnessState.Rebuilding, merge.Merge(first, At(1_700), storeDown: false)!.Find("ATL")!.State);
    }

    [Fact]
    public void An_answer_that_names_no_incarnation_is_believed()
    {
        merge.On(Rows(0) with { Incarnation = 7, Total = 3 }, At(0));
        merge.On(Rows(1), At(0));
        merge.On(Rows(0) with { Total = 2 }, At(10));
        Assert.Equal(2, merge.Merge(null, At(20), storeDown: false)!.Total);
    }

    private static TimeSpan At(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static SlotQueries.SlotRows WithRow(long incarnation) => Rows(0) with
    {
        Rows = [new ViewRow("ATL", "{}"u8.ToArray(), FreshnessStatus.Live)],
        Total = 1,
        Incarnation = incarnation,
    };

    private static SlotQueries.SlotRows Rows(int slot) => new(Slots[slot], "e.1.1", 1, [], [], 0, 1, "mark");
}
