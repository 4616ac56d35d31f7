using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using AkkaFeeds.Contracts;
using AkkaFeeds.Freshness;

namespace AkkaFeeds.Nodes;

/// <summary>
/// Where slots live: on the node that reads the partition of which they get nearly all their rows, where there is one,
/// since a row that has to go to another node costs three times what it costs at home; all others evenly. Runs where
/// the sharding coordinator is.
/// </summary>
/// <param name="board">Who reads which partition, and which slot gets its rows from where.</param>
/// <param name="self">The address of this node.</param>
/// <param name="evenly">Places the slots that belong nowhere.</param>
internal sealed class SlotPlacement(FreshnessBoard board, Address self, IShardAllocationStrategy evenly)
    : IActorSystemDependentAllocationStrategy
{
    private ImmutableDictionary<string, IActorRef> homesBefore = ImmutableDictionary<string, IActorRef>.Empty;

    /// <inheritdoc/>
    public void Start(ActorSystem system) => (evenly as IActorSystemDependentAllocationStrategy)?.Start(system);

    /// <inheritdoc/>
    public void Start() => (evenly as IStartableAllocationStrategy)?.Start();

    /// <inheritdoc/>
    public Task<IActorRef> AllocateShard(
        IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> allocations) =>
        HomeOf(shardId, allocations.Keys) is { } home
            ? Task.FromResult(home)
            : evenly.AllocateShard(requester, shardId, Homeless(allocations));

    /// <summary>
    /// The slots that are to move. Each move is a moment in which a slot's keys stand still, and makes lanes that are
    /// catching up read a second again: so all that are away from home move at once, and not before two rounds agree
    /// on where that is, which is when Kafka has finished to give out partitions.
    /// </summary>
    public Task<IImmutableSet<string>> Rebalance(
        IImmutableDictionary<IActorRef, IImmutableList<string>> allocations, IImmutableSet<string> inProgress)
    {
        var homes = allocations.Values.SelectMany(shards => shards)
            .Select(shard => (Shard: shard, Home: HomeOf(shard, allocations.Keys)))
            .Where(found => found.Home is not null)
            .ToImmutableDictionary(found => found.Shard, found => found.Home!);
        var agreed = homesBefore;
        homesBefore = homes;
        if (inProgress.Count > 0)
        {
            return Task.FromResult<IImmutableSet<string>>(ImmutableHashSet<string>.Empty);
        }

        var away = allocations
            .SelectMany(pair => pair.Value.Where(shard => homes.TryGetValue(shard, out var home)
                && !home.Equals(pair.Key) && home.Equals(agreed.GetValueOrDefault(shard))))
            .ToImmutableHashSet();
        if (!away.IsEmpty)
        {
            return Task.FromResult<IImmutableSet<string>>(away);
        }

        return evenly.Rebalance(Homeless(allocations), inProgress);
    }

    // Given and moved by the same measure: a slot that is taken from where it is given again would move for ever.
    private IImmutableDictionary<IActorRef, IImmutableList<string>> Homeless(
        IImmutableDictionary<IActorRef, IImmutableList<string>> allocations) => allocations.ToImmutableDictionary(
            pair => pair.Key,
            IImmutableList<string> (pair) => [.. pair.Value.Where(
                shard => HomeOf(shard, allocations.Keys) is null)]);

    private IActorRef? HomeOf(string shardId, IEnumerable<IActorRef> regions)
    {
        var slot = SlotId.Parse(shardId);
        var feed = board.Of(slot.Feed);
        if (feed.Slots.MainOf(slot.Index) is not { } main || feed.ReaderOf(main.Topic, main.Partition) is not { } node)
        {
            return null;
        }

        return regions.FirstOrDefault(region => IsOn(region, node));
    }

    private bool IsOn(IActorRef region, string node)
    {
        var address = region.Path.Address.HasLocalScope ? self : region.Path.Address;
        return node == LaneEntry.ThisNode
            ? address.Equals(self)
            : node.StartsWith($"{address}#", StringComparison.Ordinal);
    }
}
