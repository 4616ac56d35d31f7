namespace AkkaFeeds.Clients;

/// <summary>How an outbox flushes.</summary>
/// <param name="FlushMilliseconds">A busy outbox writes so much later at the most, everything in one write.</param>
/// <param name="MarkMilliseconds">
/// How often a mark ends a flush, and how long one may be unanswered before data is held back.
/// </param>
internal sealed record OutboxOptions(long FlushMilliseconds, long MarkMilliseconds);
