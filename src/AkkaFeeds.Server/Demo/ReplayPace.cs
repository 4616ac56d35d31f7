namespace AkkaFeeds.Server.Demo;

/// <summary>
/// How many records are due, counted from the start and not from call to call, so that no remainder is lost and the
/// rate is exact over any time. One owner; it has no clock.
/// </summary>
internal sealed class ReplayPace
{
    /// <summary>What is due longer than this is given up: after a pause the replay goes on, instead of catching up in
    /// a flood.</summary>
    public static readonly TimeSpan BehindMax = TimeSpan.FromSeconds(2);

    private readonly int rate;
    private readonly int backlog;
    private TimeSpan pauses;
    private long taken;

    /// <summary>Starts at elapsed time 0.</summary>
    /// <param name="rate">Records a second.</param>
    /// <param name="backlog">How many records are due at once, as if the replay had run before.</param>
    public ReplayPace(int rate, int backlog)
    {
        this.rate = rate;
        this.backlog = backlog;
    }

    /// <summary>How many records were taken; the index of the next one.</summary>
    public long Taken => taken;

    /// <summary>How many records are due and were not taken yet.</summary>
    public long Due(TimeSpan elapsed)
    {
        var running = elapsed - pauses;
        var behind = running - DueAfter(taken);
        if (taken >= backlog && behind > BehindMax)
        {
            pauses += behind - BehindMax;
            running = elapsed - pauses;
        }

        var due = backlog + (long)((Int128)running.Ticks * rate / TimeSpan.TicksPerSecond);
        return Math.Max(0, due - taken);
    }

    /// <summary>How long before <paramref name="elapsed"/> the next record was due; never below 0.</summary>
    public TimeSpan Age(TimeSpan elapsed)
    {
        var age = elapsed - pauses - DueAfter(taken);
        return age > TimeSpan.Zero ? age : TimeSpan.Zero;
    }

    /// <summary>Counts the next record as taken.</summary>
    public void Take() => taken++;

    /// <summary>When a record is due, pauses aside; below 0 in the backlog.</summary>
    private TimeSpan DueAfter(long index) =>
        new((long)((Int128)(index + 1 - backlog) * TimeSpan.TicksPerSecond / rate));
}
