namespace AkkaFeeds.Server.Edge.WebSockets;

/// <summary>
/// How many frames a connection may send: a bucket that fills with time. Who empties it is told once a second; who
/// goes on is closed.
/// </summary>
internal sealed class CommandRate(TimeProvider clock)
{
    /// <summary>How many frames a second in the long run.</summary>
    public const int PerSecond = 100;

    // A board that opens subscribes to all that it shows at once.
    private const int Burst = 400;

    private const int DroppedMax = 2_000;

    private double tokens = Burst;
    private long filledAt = clock.GetTimestamp();
    private long toldAt;
    private int dropped;

    /// <summary>What becomes of a frame.</summary>
    public enum Verdict
    {
        /// <summary>It counts.</summary>
        Take,

        /// <summary>It is dropped, and the client is told.</summary>
        Refuse,

        /// <summary>It is dropped; the client was told.</summary>
        Drop,

        /// <summary>The connection ends.</summary>
        Close,
    }

    /// <summary>Takes a frame.</summary>
    public Verdict Take()
    {
        var now = clock.GetTimestamp();
        tokens = Math.Min(Burst, tokens + (clock.GetElapsedTime(filledAt, now).TotalSeconds * PerSecond));
        filledAt = now;
        if (tokens >= 1)
        {
            tokens--;
            dropped = 0;
            return Verdict.Take;
        }

        if (++dropped > DroppedMax)
        {
            return Verdict.Close;
        }

        if (toldAt != 0 && clock.GetElapsedTime(toldAt, now) < TimeSpan.FromSeconds(1))
        {
            return Verdict.Drop;
        }

        toldAt = now;
        return Verdict.Refuse;
    }
}
