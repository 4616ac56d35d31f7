namespace AkkaFeeds.Harness;

/// <summary>
/// Counts what may come at most so often. Over the whole time, because frames that were written apart may be read
/// together; and not of a slow reader, who reads late what was written in time.
/// </summary>
internal sealed class RateCheck(double perSecond, FrameRules rules, long startUnixMs)
{
    private long count;

    /// <summary>Counts one more; gives what is wrong, or null.</summary>
    public string? Count(long unixMs)
    {
        count++;
        if (rules.ReadLag is not { } lag)
        {
            return null;
        }

        var elapsedMs = unixMs - startUnixMs + lag.TotalMilliseconds;
        return count > (perSecond * elapsedMs / 1_000) + rules.Burst
            ? $"{count} frames within {unixMs - startUnixMs} ms, where {perSecond} a second may come" : null;
    }
}
