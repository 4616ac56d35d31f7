namespace AkkaFeeds.Load;

/// <summary>What the driver saw of a storm; its own latencies are then those of the storm itself.</summary>
/// <param name="Cut">Connections that were reset.</param>
/// <param name="Whole">Those of them that have an answer to each of their subscriptions again.</param>
/// <param name="Seconds">From the cut until all were; 0 where some are not.</param>
/// <param name="Tries">Connections that they began.</param>
/// <param name="ToldLater">Those that the server told to come back later.</param>
/// <param name="Failed">Those that ended otherwise.</param>
/// <param name="Resumed">Subscriptions that were resumed.</param>
/// <param name="Snapshots">Subscriptions that were answered by a whole view.</param>
/// <param name="Recoveries">
/// Keys, by connection, whose epoch was another one: their slot has read its state back from the store.
/// </param>
/// <param name="Before">The latency of those that were not cut, before.</param>
/// <param name="Back">From the cut until a client was whole.</param>
internal sealed record DriverStorm(
    int Cut, int Whole, double Seconds, long Tries, long ToldLater, long Failed, long Resumed, long Snapshots,
    long Recoveries, DriverLatency Before, DriverLatency Back);
