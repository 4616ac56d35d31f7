using AkkaFeeds.Contracts;
using AkkaFeeds.Freshness;
using AkkaFeeds.Relays;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AkkaFeeds.Tests.Relays;

/// <summary>
/// When the keys of a slot stop to be shown as rebuilding. Nobody reads the feed here: it is stale then.
/// </summary>
public sealed class SlotRelaysTests
{
    private static readonly SlotId Slot = new("flights", 1, 3);
    private static readonly KeyName Key = new("", "ATL");

    private readonly SlotRelays relays;

    public SlotRelaysTests()
    {
        var boards = new FreshnessBoard(
            new FakeTimeProvider(DateTimeOffset.UnixEpoch), new Dictionary<string, TimeSpan?>(),
            new Dictionary<string, int>());
        relays = new SlotRelays(new SlotWatch(Slot, "node", _ => { }), boards.Of("flights"), boards.Store, 0);
        Take(Report(rebuilding: true, sent: 0), 0);
        Assert.Equal(FreshnessState.Rebuilding, relays.Condition.Freshness.State);
    }

    [Fact]
    public void What_a_rebuilt_slot_sent_before_it_said_so_is_there_before_its_keys_are_shown_as_rebuilt()
    {
        Take(Report(rebuilding: false, sent: 2), 0.1);
        Assert.Equal(FreshnessState.Rebuilding, relays.Condition.Freshness.State);
        relays.On(Changed(1), TimeSpan.FromSeconds(0.2), 200);
        Assert.Equal(FreshnessState.Rebuilding, relays.Condition.Freshness.State);
        relays.On(Changed(2), TimeSpan.FromSeconds(0.3), 300);
        Assert.Equal(FreshnessState.Stale, relays.Condition.Freshness.State);
    }

    [Fact]
    public void What_came_before_the_report_is_waited_for_no_more()
    {
        relays.On(Changed(1), TimeSpan.FromSeconds(0.1), 100);
        Take(Report(rebuilding: false, sent: 1), 0.2);
        Assert.Equal(FreshnessState.Stale, relays.Condition.Freshness.State);
    }

    [Fact]
    public void What_was_lost_is_waited_for_until_the_next_report()
    {
        Take(Report(rebuilding: false, sent: 1), 0.1);
        relays.Refresh(TimeSpan.FromSeconds(0.5), 500);
        Assert.Equal(FreshnessState.Rebuilding, relays.Condition.Freshness.State);
        Take(Report(rebuilding: false, sent: 1), 1.1);
        Assert.Equal(FreshnessState.Stale, relays.Condition.Freshness.State);
    }

    [Fact]
    public void A_change_that_is_on_its_way_makes_nothing_rebuilding_again()
    {
        Take(Report(rebuilding: false, sent: 0), 0.1);
        Take(Report(rebuilding: false, sent: 1), 1.1);
        Assert.Equal(FreshnessState.Stale, relays.Condition.Freshness.State);
    }

    private static WatchMessages.KeyChanged Changed(long number) => new(
        Slot, 7, number, Key, number - 1, number, Whole: true, "{}"u8.ToArray(), [], 0, [], 0);

    private static WatchMessages.SlotReport Report(bool rebuilding, long sent) =>
        new(Slot, 7, "e.1.7", sent, 0, rebuilding, 1, 0, [], []);

    private void Take(WatchMessages.SlotReport report, double seconds)
    {
        var now = TimeSpan.FromSeconds(seconds);
        relays.Watch.On(report, now);
        relays.Refresh(now, (long)now.TotalMilliseconds);
    }
}
