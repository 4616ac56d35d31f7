namespace AkkaFeeds.Clients;

/// <summary>How an outbox flushes.</summary>
/// <param name="FlushMilliseconds">A busy outbox writes so much later at the most, everything in one write.</param>
/// <param name="MarkMilliseconds">
/// How often a mark ends a flush, and how long one may be unanswered before data is held back.
/// </param>
/// <param name="WriteBytes">
/// A write takes no further place once it has so many bytes; the rest follows in the next one.
/// </param>
internal sealed record OutboxOptions(
    long FlushMilliseconds, long MarkMilliseconds, long WriteBytes = OutboxOptions.WriteBytesStandard)
{
    /// <summary>What a socket takes at once without trouble.</summary>
    public const long WriteBytesStandard = 64 * 1024;
}
