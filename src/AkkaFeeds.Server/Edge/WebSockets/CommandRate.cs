namespace AkkaFeeds.Server.Edge.WebSockets;

/// <summary>
/// How many frames a connection may send: a bucket that fills with time. Who empties it is told once a second; who
/// goes on is closed. A message in pieces costs as many frames as it has.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="perSecond">How many frames a second in the long run.</param>
/// <param name="subscriptionsMax">How many subscriptions a connection may have.</param>
internal sealed class CommandRate(TimeProvider clock, int perSecond, int subscriptionsMax)
{
    // A board that opens subscribes to all that it shows at once, and may leave them all again.
    private TokenBucket bucket = new(clock, perSecond, Math.Max(4 * perSecond, 2 * subscriptionsMax));
    private long toldAt;
    private double dropped;
    private long fragments;
    private Verdict ofFragments;

    /// <summary>How many frames a second in the long run.</summary>
    public int PerSecond => perSecond;

    /// <summary>What becomes of a frame; of several, the last of these counts.</summary>
    public enum Verdict
    {
        /// <summary>It counts.</summary>
        Take,

        /// <summary>It is dropped; the client was told.</summary>
        Drop,

        /// <summary>It is dropped, and the client is told.</summary>
        Refuse,

        /// <summary>The connection ends.</summary>
        Close,
    }

    /// <summary>Takes those frames of messages that are not the last of theirs.</summary>
    /// <param name="came">How many have come so far.</param>
    /// <returns>Whether the connection goes on.</returns>
    public bool TryPass(long came)
    {
        for (; fragments < came && ofFragments != Verdict.Close; fragments++)
        {
            ofFragments = Worse(ofFragments, TakeOne());
        }

        return ofFragments != Verdict.Close;
    }

    /// <summary>Takes a message, or the last frame of one.</summary>
    public Verdict Take()
    {
        var verdict = Worse(ofFragments, TakeOne());
        ofFragments = Verdict.Take;
        return verdict;
    }

    private static Verdict Worse(Verdict one, Verdict other) => one > other ? one : other;

    private Verdict TakeOne()
    {
        // Forgotten with time, and not when a frame is taken: in every flood one is taken now and then.
        dropped = Math.Max(0, dropped - bucket.Fill());
        if (bucket.Tokens >= 1)
        {
            bucket.Tokens--;
            return Verdict.Take;
        }

        if (++dropped > 20 * perSecond)
        {
            return Verdict.Close;
        }

        var now = clock.GetTimestamp();
        if (toldAt != 0 && clock.GetElapsedTime(toldAt, now) < TimeSpan.FromSeconds(1))
        {
            return Verdict.Drop;
        }

        toldAt = now;
        return Verdict.Refuse;
    }
}
