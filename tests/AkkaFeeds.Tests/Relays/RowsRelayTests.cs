using AkkaFeeds.Contracts;
using AkkaFeeds.Relays;
using Xunit;

namespace AkkaFeeds.Tests.Relays;

public sealed class RowsRelayTests
{
    private static readonly SlotId[] Slots = [new("flights", 1, 0), new("flights", 1, 1)];

    private readonly RowsRelay relay =
        new(new RowsMerge("flights", "r1", new RowsQuery("", null, null, false, 10), Slots));

    [Fact]
    public void What_changed_in_several_slots_is_shown_when_all_have_answered()
    {
        Assert.Equal([(Slots[0], null), (Slots[1], null)], relay.ToAsk(At(0)));
        Assert.False(relay.On(Rows(0, 1), At(10), storeDown: false));
        Assert.Null(relay.Latest);
        Assert.True(relay.On(Rows(1, 2), At(20), storeDown: false));
        Assert.Equal(3, relay.Latest!.View.Total);
        Assert.Equal([(Slots[0], "1"), (Slots[1], "2")], relay.ToAsk(At(250)));
    }

    [Fact]
    public void The_tick_shows_what_there_is_where_a_slot_is_slow()
    {
        Begin();
        Assert.Equal(Slots, relay.ToAsk(At(250)).Select(asked => asked.Slot));
        Assert.False(relay.On(Rows(0, 5), At(260), storeDown: false));
        Assert.True(relay.Tick(At(500), storeDown: false));
        Assert.Equal(7, relay.Latest!.View.Total);
    }

    [Fact]
    public void However_often_slots_answer_a_collection_changes_four_times_a_second()
    {
        Begin();
        var shown = 0;
        for (var now = 20; now < 10_020; now += 10)
        {
            shown += relay.On(Rows(0, now), At(now), storeDown: false) ? 1 : 0;
        }

        Assert.InRange(shown, 40, 43);
        Assert.True(relay.Tick(At(11_000), storeDown: false));
        Assert.Equal(10_012, relay.Latest!.View.Total);
    }

    private void Begin()
    {
        relay.On(Rows(0, 1), At(0), storeDown: false);
        relay.On(Rows(1, 2), At(0), storeDown: false);
        Assert.Equal(3, relay.Latest!.View.Total);
    }

    private static TimeSpan At(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static SlotQueries.SlotRows Rows(int slot, long total) =>
        new(Slots[slot], "e.1.1", 1, [], [], total, 1, $"{total}");
}
