using Akka.Actor;
using AkkaFeeds.Freshness;
using AkkaFeeds.Store;
using AkkaFeeds.Telemetry;

namespace AkkaFeeds.Ingest;

/// <summary>What every lane of this node works with.</summary>
/// <param name="Feeds">The feeds, by name.</param>
/// <param name="Slots">The region of the slots.</param>
/// <param name="Ledgers">The region of the ledgers.</param>
/// <param name="Registry">The topic ids under which this store was built.</param>
/// <param name="Board">Takes the lanes' reports.</param>
/// <param name="Metrics">The process's metrics.</param>
/// <param name="RowsInFlightMax">How many rows of one lane may be neither folded nor durable.</param>
internal sealed record IngestDependencies(
    IReadOnlyDictionary<string, ServedFeed> Feeds, IActorRef Slots, IActorRef Ledgers, FeedRegistry Registry,
    FreshnessBoard Board, FeedMetrics Metrics, int RowsInFlightMax);
