using Akka.Actor;
using AkkaFeeds.Freshness;
using AkkaFeeds.Telemetry;

namespace AkkaFeeds.Relays;

/// <summary>What the relays of a node work with.</summary>
/// <param name="Slots">Reaches every slot.</param>
/// <param name="Feeds">The feeds, by name.</param>
/// <param name="Board">Who reads which partition, and how far.</param>
/// <param name="Metrics">The node's metrics.</param>
/// <param name="CollectionsPerFeedMax">How many different collections of a feed may be watched on this node.</param>
internal sealed record RelayDependencies(
    IActorRef Slots, IReadOnlyDictionary<string, ServedFeed> Feeds, FreshnessBoard Board, FeedMetrics Metrics,
    int CollectionsPerFeedMax);
