using AkkaFeeds.Freshness;
using Xunit;

namespace AkkaFeeds.Tests.Freshness;

/// <summary>A feed is rebuilding while any of its slots is, on whichever node it lives.</summary>
public sealed class SlotBoardTests
{
    private readonly HandClock clock = new();
    private readonly SlotBoard board;

    public SlotBoardTests() => board = new SlotBoard(clock, 2);

    [Fact]
    public void A_slot_of_which_nobody_has_spoken_is_rebuilding()
    {
        board.Is(0, isRebuilding: false);
        Assert.True(board.IsRebuilding);
        board.Take(1, isRebuilding: true, "other");
        Assert.True(board.IsRebuilding);
        board.Take(1, isRebuilding: false, "other");
        Assert.False(board.IsRebuilding);
    }

    [Fact]
    public void A_slot_of_another_node_is_rebuilding_when_that_node_falls_silent_and_one_of_this_node_is_not()
    {
        board.Is(0, isRebuilding: false);
        board.Take(1, isRebuilding: false, "other");
        clock.Advance(SlotBoard.Patience);
        Assert.False(board.IsRebuilding);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(board.IsRebuilding);
        board.Is(1, isRebuilding: false);
        Assert.False(board.IsRebuilding);
    }

    [Fact]
    public void A_slot_that_was_handed_over_is_rebuilding_until_another_node_speaks_of_it_and_is_told_no_more()
    {
        board.Is(0, isRebuilding: false);
        board.Is(1, isRebuilding: false);
        board.Ended(1, inOrder: true);
        Assert.True(board.IsRebuilding);
        Assert.Equal([(0, false, null)], board.Own());
        board.Take(1, isRebuilding: false, "other");
        Assert.False(board.IsRebuilding);
        Assert.Equal([(0, false, null)], board.Own());
    }

    [Fact]
    public void A_slot_that_failed_is_rebuilding_here_and_the_end_of_one_that_lives_elsewhere_says_nothing()
    {
        board.Is(0, isRebuilding: false);
        board.Take(1, isRebuilding: false, "other");
        board.Ended(1, inOrder: false);
        Assert.False(board.IsRebuilding);
        board.Ended(0, inOrder: false);
        Assert.Equal([(0, true, null)], board.Own());
    }

    [Fact]
    public void Slots_that_are_behind_silent_or_nobodys_are_named_and_a_change_of_an_own_one_is_news()
    {
        var news = 0;
        var told = new SlotBoard(clock, 3, () => news++);
        told.Is(0, isRebuilding: true);
        told.Take(1, isRebuilding: false, "other");
        Assert.Equal([0, 2], told.Behind());
        told.Is(0, isRebuilding: true);
        Assert.Equal(1, news);
        told.Is(0, isRebuilding: false);
        Assert.Equal(2, news);
        Assert.Equal([2], told.Behind());
        clock.Advance(SlotBoard.Patience + TimeSpan.FromMilliseconds(1));
        Assert.Equal([1, 2], told.Behind());
    }

    [Fact]
    public void Where_the_rows_of_a_slot_come_from_is_known_beyond_its_end()
    {
        board.Take(1, isRebuilding: false, "other", ("flights", 3));
        board.Is(0, isRebuilding: false, ("flights", 2));
        board.Ended(0, inOrder: true);
        Assert.Equal((("flights", 2), ("flights", 3)), (board.MainOf(0), board.MainOf(1)));
        board.Take(1, isRebuilding: false, "other");
        Assert.Null(board.MainOf(1));
    }

    private sealed class HandClock : TimeProvider
    {
        private long milliseconds = 1;

        public override long TimestampFrequency => 1_000;

        public void Advance(TimeSpan by) => milliseconds += (long)by.TotalMilliseconds;

        public override long GetTimestamp() => milliseconds;
    }
}
