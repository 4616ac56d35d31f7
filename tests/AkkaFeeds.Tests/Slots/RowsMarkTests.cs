using AkkaFeeds.Contracts;
using AkkaFeeds.Slots;
using Xunit;

namespace AkkaFeeds.Tests.Slots;

public sealed class RowsMarkTests
{
    private static readonly RowsMark Mark = new("e.2.1", 7, 1, FreshnessStatus.Live);

    [Fact]
    public void Who_holds_the_mark_holds_the_rows() => Assert.True(Mark.IsHeldBy(Asking(Mark.Text)));

    [Fact]
    public void Whatever_rows_are_made_of_makes_another_mark()
    {
        RowsMark[] others =
        [
            Mark with { Epoch = "e.2.2" }, Mark with { Changes = 8 }, Mark with { Refusals = 2 },
            Mark with { Usual = new FreshnessStatus(FreshnessState.Stale, "behind-slo", 1) },
        ];
        Assert.All(others, other => Assert.False(other.IsHeldBy(Asking(Mark.Text))));
        Assert.False(Mark.IsHeldBy(Asking(null)));
    }

    private static SlotQueries.GetRows Asking(string? mark) =>
        new(new SlotId("flights", 2, 7), "", new RowsQuery("", null, null, Descending: false, 10), mark);
}
