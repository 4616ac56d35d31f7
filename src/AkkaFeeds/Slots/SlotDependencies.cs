using AkkaFeeds.Freshness;
using AkkaFeeds.Store;
using AkkaFeeds.Telemetry;

namespace AkkaFeeds.Slots;

/// <summary>What every slot of this process works with.</summary>
/// <param name="Feeds">The feeds, by name.</param>
/// <param name="Database">The store, for the one question that the journal plugin answers slowly.</param>
/// <param name="Registry">Names the feeds' topic ids.</param>
/// <param name="Board">Who reads which partition, and how far.</param>
/// <param name="Metrics">The process's metrics.</param>
/// <param name="Failure">Ends the process where its store is not the one that it wrote.</param>
/// <param name="CheckpointEvery">How often state becomes durable.</param>
internal sealed record SlotDependencies(
    IReadOnlyDictionary<string, ServedFeed> Feeds, StoreDatabase Database, FeedRegistry Registry, FreshnessBoard Board,
    FeedMetrics Metrics, ProcessFailure Failure, TimeSpan CheckpointEvery);
