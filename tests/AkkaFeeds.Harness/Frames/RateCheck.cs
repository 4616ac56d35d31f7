namespace AkkaFeeds.Harness;

/// <summary>
/// Counts what may come at most so often. Over the whole time, because frames that were written apart may be read
/// together.
/// </summary>
internal sealed class RateCheck(double perSecond, int burst, long startUnixMs)
{
    private long count;

    /// <summary>Counts one more; gives what is wrong, or null.</summary>
    public string? Count(long unixMs)
    {
        count++;
        var allowed = (perSecond * (unixMs - startUnixMs) / 1_000.0) + burst;
        return count > allowed
            ? $"{count} frames within {unixMs - startUnixMs} ms, where {perSecond} a second may come" : null;
    }
}
