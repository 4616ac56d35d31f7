using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using AkkaFeeds.Contracts;
using AkkaFeeds.Freshness;
using AkkaFeeds.Relays;
using AkkaFeeds.Tests.Definitions;
using Xunit;

namespace AkkaFeeds.Tests.Relays;

/// <summary>A long poll, whose slot and relay need not have heard the same.</summary>
public sealed class FeedReaderTests : TestKit
{
    private static readonly KeyName Key = new("", "A");
    private static readonly FreshnessStatus Stale = new(FreshnessState.Stale, "source-unreachable", 1);

    private readonly TestProbe slots;
    private readonly TestProbe relays;
    private readonly FeedReader reader;

    public FeedReaderTests()
    {
        slots = CreateTestProbe();
        relays = CreateTestProbe();
        var feed = new ServedFeed(new FeedBench(FeedBench.Define(("n", "count()"))).Feed, 1);
        reader = new FeedReader(
            slots, relays, new Dictionary<string, ServedFeed> { ["f"] = feed },
            new FreshnessBoard(
                TimeProvider.System, new Dictionary<string, TimeSpan?>(), new Dictionary<string, int>()),
            () => null);
    }

    [Fact]
    public async Task A_poll_is_not_led_back_by_a_relay_that_has_not_heard_of_a_state_yet()
    {
        var poll = Wait(FreshnessStatus.Live);
        var screen = relays.ExpectMsg<RelayMessages.WatchKey>().Screen;
        screen.Show(new(View(1, Stale)));
        Answer(1, FreshnessStatus.Live);
        screen.Show(new(View(1, FreshnessStatus.Live)));
        Assert.False(poll.IsCompleted);

        screen.Show(new(View(2, FreshnessStatus.Live)));
        Answer(2, FreshnessStatus.Live);
        Assert.Equal(2, (await poll)!.Version);
        relays.ExpectMsg<RelayMessages.UnwatchKey>();
    }

    [Fact]
    public async Task A_state_that_the_relay_hears_first_is_told_as_soon_as_the_slot_has_it()
    {
        var poll = Wait(FreshnessStatus.Live);
        relays.ExpectMsg<RelayMessages.WatchKey>().Screen.Show(new(View(1, Stale)));
        Answer(1, FreshnessStatus.Live);
        Answer(1, Stale);
        Assert.Equal(FreshnessState.Stale, (await poll)!.Freshness.State);
    }

    [Fact]
    public async Task What_nobody_changes_is_no_answer()
    {
        var poll = Wait(FreshnessStatus.Live, TimeSpan.FromMilliseconds(50));
        relays.ExpectMsg<RelayMessages.WatchKey>().Screen.Show(new(View(1, FreshnessStatus.Live)));
        Assert.Null(await poll);
        relays.ExpectMsg<RelayMessages.UnwatchKey>();
    }

    private Task<KeySnapshot?> Wait(FreshnessStatus held, TimeSpan? wait = null)
    {
        var poll = reader.WaitAsync("f", Key, Snapshot(1, held).Tag, wait ?? TimeSpan.FromSeconds(30), default);
        Answer(1, held);
        return poll;
    }

    private void Answer(long version, FreshnessStatus freshness)
    {
        slots.ExpectMsg<SlotQueries.GetKey>();
        slots.Reply(Snapshot(version, freshness));
    }

    private static KeySnapshot Snapshot(long version, FreshnessStatus freshness) =>
        new("f", Key, "t.1", version, "{}"u8.ToArray(), 0, [], freshness);

    private static KeyView View(long version, FreshnessStatus freshness)
    {
        var name = new FrameName("f", Key);
        return new KeyView(
            name, new ViewVersion(name, "t.1", version, ViewNode.Parse("{}"u8.ToArray()), 0, [], new ChangeRing()),
            freshness, new ReadPositions([]));
    }
}
