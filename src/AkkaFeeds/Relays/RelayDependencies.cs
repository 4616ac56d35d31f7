using Akka.Actor;
using AkkaFeeds.Freshness;

namespace AkkaFeeds.Relays;

/// <summary>What the relays of a node work with.</summary>
/// <param name="Slots">Reaches every slot.</param>
/// <param name="Feeds">The feeds, by name.</param>
/// <param name="Board">Who reads which partition, and how far.</param>
/// <param name="CollectionsPerFeedMax">How many different collections of a feed may be watched on this node.</param>
internal sealed record RelayDependencies(
    IActorRef Slots, IReadOnlyDictionary<string, ServedFeed> Feeds, FreshnessBoard Board, int CollectionsPerFeedMax);
