using Akka.Actor;
using Akka.TestKit.Xunit2;
using AkkaFeeds.Contracts;
using AkkaFeeds.Freshness;
using AkkaFeeds.Slots;
using AkkaFeeds.Slots.Keys;
using AkkaFeeds.Slots.Watching;
using AkkaFeeds.Telemetry;
using AkkaFeeds.Tests.Definitions;
using AkkaFeeds.Tests.Slots.Protocol;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AkkaFeeds.Tests.Slots.Watching;

/// <summary>What a node that watches keys of a slot is told at once.</summary>
public sealed class SlotEntitiesTests : TestKit
{
    [Fact]
    public void A_node_is_told_where_the_slot_stands_with_its_first_key_and_with_all_and_not_with_each()
    {
        var slot = Sys.ActorOf(Props.Create(() => new Host()));
        Watch(slot, "A", all: false);
        ExpectMsg<WatchMessages.SlotReport>();
        ExpectMsg<WatchMessages.KeyBegins>();
        Watch(slot, "B", all: false);
        ExpectMsg<WatchMessages.KeyBegins>();
        Watch(slot, "A", all: true);
        Assert.Equal(1, ExpectMsg<WatchMessages.SlotReport>().Watched);
        ExpectMsg<WatchMessages.KeyBegins>();
    }

    private void Watch(IActorRef slot, string key, bool all) =>
        slot.Tell(new WatchMessages.Watch(SlotBench.Slot, "node", [new KeyName("", key)], all), TestActor);

    private sealed class Host : UntypedActor
    {
        private readonly SlotEntities entities;

        public Host()
        {
            var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
            var board = new FreshnessBoard(clock, new Dictionary<string, TimeSpan?>(), new Dictionary<string, int>());
            var feed = new ServedFeed(new FeedBench(FeedBench.Define(("n", "count()"))).Feed, 1);
            var keys = new SlotKeys(feed.Compiled.View);
            var views = new SlotViews(feed, keys, new SlotBench().Protocol, board.Of(feed.Name), 7, 0);
            entities = new SlotEntities(
                SlotBench.Slot, 7, "e.1.7", keys, views, new FeedMetrics([feed.Name], clock), Context);
        }

        protected override void OnReceive(object message) =>
            entities.On((WatchMessages.IFromNode)message, Sender, TimeSpan.Zero);
    }
}
