using Akka.Actor;
using AkkaFeeds.Telemetry;

namespace AkkaFeeds.Clients;

/// <summary>What every client of a node works with.</summary>
/// <param name="Relays">The relays of the node.</param>
/// <param name="Ticker">The node's clock of flushes and seconds.</param>
/// <param name="Outbox">How outboxes flush.</param>
/// <param name="Blanks">How many keys without a record may be watched.</param>
/// <param name="Metrics">The node's metrics.</param>
/// <param name="Freshness">How old each feed's records are where they are written and painted.</param>
/// <param name="Clock">The wall clock.</param>
/// <param name="Tenant">Whose keys the client sees; <c>""</c> is the single tenant.</param>
/// <param name="SubscriptionsMax">How many subscriptions a connection may have.</param>
/// <param name="FrameBytesMax">The largest frame from a client.</param>
/// <param name="Commands">How many frames a second a client may send in the long run.</param>
/// <param name="SlowMilliseconds">How long a socket may take no byte while some are pending.</param>
/// <param name="UnreadBytesMax">How many bytes of answers may wait for a client that does not read.</param>
internal sealed record ClientDependencies(
    IActorRef Relays, FlushTicker Ticker, OutboxOptions Outbox, BlankKeys Blanks, ClientMetrics Metrics,
    Func<string, FreshnessMeter> Freshness, TimeProvider Clock, string Tenant, int SubscriptionsMax,
    long FrameBytesMax, int Commands, long SlowMilliseconds, long UnreadBytesMax);
