namespace AkkaFeeds.Server.Edge.Streams;

/// <summary>
/// Lets streams in as fast as a node can begin them, whatever the crowd: a bucket that fills with time. Who finds it
/// empty is told when to come back, each a little later than the one before, so that a crowd that was cut at once does
/// not come back at once. Safe for several threads.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="perSecond">How many a second in the long run; five times as many may come at once.</param>
internal sealed class ConnectionAdmission(TimeProvider clock, int perSecond)
{
    private const int SecondsAtOnce = 5;
    private const int RetryMillisecondsMin = 500;
    private const int RetryMillisecondsMax = 30_000;

    private readonly Lock gate = new();
    private double tokens = SecondsAtOnce * (double)perSecond;
    private double turnedAway;
    private long filledAt = clock.GetTimestamp();

    /// <summary>Lets one in; else says after how many milliseconds there is likely to be room.</summary>
    public bool TryEnter(out int retryAfterMilliseconds)
    {
        lock (gate)
        {
            var now = clock.GetTimestamp();
            var filled = clock.GetElapsedTime(filledAt, now).TotalSeconds * perSecond;
            filledAt = now;
            tokens = Math.Min(SecondsAtOnce * (double)perSecond, tokens + filled);
            turnedAway = Math.Max(0, turnedAway - filled);
            if (tokens >= 1)
            {
                tokens--;
                retryAfterMilliseconds = 0;
                return true;
            }

            turnedAway++;
            retryAfterMilliseconds = (int)Math.Min(
                RetryMillisecondsMax, RetryMillisecondsMin + (turnedAway * 1_000 / perSecond));
            return false;
        }
    }

    /// <summary>The answer to who comes when there is no room.</summary>
    public static ProblemException TooMany(string why, int retryAfterMilliseconds) =>
        new(ProblemCodes.NotReady, $"{why} Come back after the time in Retry-After.")
        {
            RetryAfterSeconds = (retryAfterMilliseconds + 999) / 1_000,
        };
}
