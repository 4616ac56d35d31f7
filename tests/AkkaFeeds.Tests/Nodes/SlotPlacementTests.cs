using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using AkkaFeeds.Contracts;
using AkkaFeeds.Freshness;
using AkkaFeeds.Nodes;
using Xunit;

namespace AkkaFeeds.Tests.Nodes;

/// <summary>Slots go where their partition is read, once that is certain, and all at once.</summary>
public sealed class SlotPlacementTests
{
    private static readonly Address Here = new("akka.tcp", "akkafeeds", "127.0.0.1", 4053);
    private static readonly Address There = new("akka.tcp", "akkafeeds", "127.0.0.1", 4054);
    private static readonly IImmutableSet<string> None = ImmutableHashSet<string>.Empty;

    // The coordinator's own region has a path without a host.
    private readonly IActorRef here = new Region(new Address("akka", "akkafeeds"));
    private readonly IActorRef there = new Region(There);
    private readonly Evenly evenly = new();
    private readonly FeedBoard feed;
    private readonly SlotPlacement placement;

    public SlotPlacementTests()
    {
        var board = new FreshnessBoard(
            TimeProvider.System, new Dictionary<string, TimeSpan?>(), new Dictionary<string, int> { ["flights"] = 4 });
        feed = board.Of("flights");
        feed.Expect("flights", 2);
        placement = new SlotPlacement(board, Here, evenly);
    }

    [Fact]
    public async Task A_slot_is_given_to_the_node_that_reads_its_partition()
    {
        ReadHere(0);
        ReadThere(1);
        Makes(partition: 0, slot: 0);
        Makes(partition: 1, slot: 1);
        Assert.Equal(here, await placement.AllocateShard(there, "flights.1.0", Slots([], [])));
        Assert.Equal(there, await placement.AllocateShard(here, "flights.1.1", Slots([], [])));
    }

    [Theory]
    [InlineData("flights.1.2")]
    [InlineData("flights.1.3")]
    public async Task A_slot_that_belongs_nowhere_or_to_a_node_without_slots_is_given_evenly(string slot)
    {
        Makes(partition: 0, slot: 3);
        feed.Take("flights", Entry(0, "akka.tcp://akkafeeds@127.0.0.1:4055#9"));
        Assert.Equal(evenly.Chosen, await placement.AllocateShard(here, slot, Slots([], [])));
    }

    [Fact]
    public async Task Slots_that_are_away_move_together_when_two_rounds_agree()
    {
        ReadHere(0);
        ReadThere(1);
        Makes(partition: 0, slot: 0);
        Makes(partition: 0, slot: 1);
        Makes(partition: 1, slot: 2);
        var slots = Slots(["flights.1.2", "flights.1.3"], ["flights.1.0", "flights.1.1"]);
        Assert.Empty(await placement.Rebalance(slots, None));
        Assert.Equal(["flights.1.0", "flights.1.1", "flights.1.2"], (await placement.Rebalance(slots, None)).Order());
    }

    [Fact]
    public async Task Nothing_moves_while_a_partition_goes_from_node_to_node()
    {
        Makes(partition: 0, slot: 0);
        var slots = Slots([], ["flights.1.0"]);
        ReadHere(0);
        Assert.Empty(await placement.Rebalance(slots, None));
        ReadThere(0);
        Assert.Empty(await placement.Rebalance(slots, None));
        ReadHere(0);
        Assert.Empty(await placement.Rebalance(slots, None));
        Assert.Equal(["flights.1.0"], await placement.Rebalance(slots, None));
    }

    [Fact]
    public async Task Nothing_moves_while_slots_are_on_their_way()
    {
        ReadHere(0);
        Makes(partition: 0, slot: 0);
        var slots = Slots([], ["flights.1.0", "flights.1.1"]);
        await placement.Rebalance(slots, None);
        Assert.Empty(await placement.Rebalance(slots, ["flights.1.1"]));
        Assert.Equal(1, evenly.Asked);
    }

    [Fact]
    public async Task Only_the_slots_that_belong_nowhere_are_spread_evenly()
    {
        ReadHere(0);
        Makes(partition: 0, slot: 0);
        var slots = Slots(["flights.1.0", "flights.1.1"], ["flights.1.2"]);
        await placement.Rebalance(slots, None);
        Assert.Equal(["flights.1.1"], evenly.Seen[here]);
        Assert.Equal(["flights.1.2"], evenly.Seen[there]);
        var moved = evenly.Seen;
        await placement.AllocateShard(here, "flights.1.3", slots);
        Assert.All(moved, pair => Assert.Equal(pair.Value, evenly.Seen[pair.Key]));
    }

    private static LaneEntry Entry(int partition, string node) => new(
        partition, new LaneReport(new LaneId("flights", 1, "id", "flights", partition), 0, 0, 0, 0, null), 0, null,
        node);

    private void ReadHere(int partition) => feed.Take("flights", Entry(partition, LaneEntry.ThisNode));

    private void ReadThere(int partition) => feed.Take("flights", Entry(partition, $"{There}#7"));

    private void Makes(int partition, int slot) =>
        feed.Slots.Is(slot, isRebuilding: false, ("flights", partition));

    private IImmutableDictionary<IActorRef, IImmutableList<string>> Slots(string[] ofHere, string[] ofThere) =>
        ImmutableDictionary<IActorRef, IImmutableList<string>>.Empty
            .Add(here, ofHere.ToImmutableList()).Add(there, ofThere.ToImmutableList());

    private sealed class Region(Address address) : MinimalActorRef
    {
        public override ActorPath Path { get; } = new RootActorPath(address) / "system" / "sharding" / "slots";

        public override IActorRefProvider Provider => throw new NotSupportedException();
    }

    private sealed class Evenly : IShardAllocationStrategy
    {
        public IActorRef Chosen { get; } = new Region(new Address("akka.tcp", "akkafeeds", "127.0.0.1", 4056));

        public int Asked { get; private set; }

        public IImmutableDictionary<IActorRef, IImmutableList<string>> Seen { get; private set; } =
            ImmutableDictionary<IActorRef, IImmutableList<string>>.Empty;

        public Task<IActorRef> AllocateShard(
            IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> allocations)
        {
            Seen = allocations;
            return Task.FromResult(Chosen);
        }

        public Task<IImmutableSet<string>> Rebalance(
            IImmutableDictionary<IActorRef, IImmutableList<string>> allocations, IImmutableSet<string> inProgress)
        {
            Asked++;
            Seen = allocations;
            return Task.FromResult(None);
        }
    }
}
