namespace AkkaFeeds.Server.Edge;

/// <summary>A bucket that fills with time. Full at first; whoever has it guards it, and takes from it.</summary>
internal struct TokenBucket
{
    private readonly TimeProvider clock;
    private readonly double perSecond;
    private readonly double max;
    private long filledAt;

    /// <summary>Makes a full one.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="perSecond">How many tokens come a second.</param>
    /// <param name="max">How many it holds.</param>
    public TokenBucket(TimeProvider clock, double perSecond, double max)
    {
        this.clock = clock;
        this.perSecond = perSecond;
        this.max = max;
        Tokens = max;
        filledAt = clock.GetTimestamp();
    }

    /// <summary>How many are in it; below zero where more were promised than there are.</summary>
    public double Tokens { get; set; }

    /// <summary>Puts in what time has brought.</summary>
    /// <returns>How many that were, also where the bucket had no room for them.</returns>
    public double Fill()
    {
        var now = clock.GetTimestamp();
        var filled = clock.GetElapsedTime(filledAt, now).TotalSeconds * perSecond;
        filledAt = now;
        Tokens = Math.Min(max, Tokens + filled);
        return filled;
    }
}
