namespace AkkaFeeds.Freshness;

/// <summary>
/// Whether the store answers, as far as this node has tried: a slot that cannot write or recover says so, and so does
/// the probe. Written and read from any thread.
/// </summary>
internal sealed class StoreBoard(TimeProvider clock)
{
    private long downSince;

    /// <summary>Since when it does not, Unix ms; null while it does.</summary>
    public long? DownSince => Interlocked.Read(ref downSince) is var since and not 0 ? since : null;

    /// <summary>It answered; gives since when it had not, or null where that is no news.</summary>
    public long? Worked() => Interlocked.Exchange(ref downSince, 0) is var since and not 0 ? since : null;

    /// <summary>It failed or did not answer in time; gives whether that is news.</summary>
    public bool Failed() =>
        Interlocked.CompareExchange(ref downSince, clock.GetUtcNow().ToUnixTimeMilliseconds(), 0) == 0;
}
