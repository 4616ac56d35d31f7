namespace AkkaFeeds.Server.Edge.Streams;

/// <summary>
/// Lets streams in as fast as a node can begin them, whatever the crowd, so that those that are in are served
/// meanwhile: a bucket that fills with time. Who finds it empty waits in line where his turn is near; else he is told
/// when to come back, each a little later than the one before. Safe for several threads.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="perSecond">How many a second in the long run; a fifth of it may come at once.</param>
internal sealed class ConnectionAdmission(TimeProvider clock, int perSecond)
{
    private const double SecondsAtOnce = 0.2;
    private const int RetryMillisecondsMin = 500;
    private const int RetryMillisecondsMax = 30_000;

    // The browser's client takes a way that says nothing for five seconds for one that is not let through.
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan WaitMaxWithDoor = TimeSpan.FromSeconds(4);

    private readonly Lock gate = new();
    private TokenBucket bucket = new(clock, perSecond, Math.Max(1, SecondsAtOnce * perSecond));
    private double turnedAway;

    /// <summary>
    /// Completes when one may come in, with 0; or at once, with the milliseconds after which there is likely to be
    /// room.
    /// </summary>
    /// <param name="gone">Ends the waiting of one that has gone.</param>
    /// <param name="waited">How long he has waited at the door (<see cref="ConnectionPace"/>).</param>
    /// <exception cref="OperationCanceledException">He has gone.</exception>
    public async ValueTask<int> EnterAsync(CancellationToken gone, TimeSpan waited = default)
    {
        if (!TryReserve(waited, out var wait, out var retryAfterMilliseconds))
        {
            return retryAfterMilliseconds;
        }

        if (wait > TimeSpan.Zero)
        {
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var timer = clock.CreateTimer(
                state => ((TaskCompletionSource)state!).TrySetResult(), turn, wait, Timeout.InfiniteTimeSpan);
            await turn.Task.WaitAsync(gone).ConfigureAwait(false);
        }

        return 0;
    }

    /// <summary>The answer to who comes when there is no room.</summary>
    public static ProblemException TooMany(string why, int retryAfterMilliseconds) =>
        new(ProblemCodes.NotReady, $"{why} Come back after the time in Retry-After.")
        {
            RetryAfterSeconds = (retryAfterMilliseconds + 999) / 1_000,
        };

    /// <summary>Whether some stand in line.</summary>
    public bool HasLine()
    {
        lock (gate)
        {
            Fill();
            return bucket.Tokens < 0;
        }
    }

    private void Fill() => turnedAway = Math.Max(0, turnedAway - bucket.Fill());

    // A bucket below zero is a line: each place in it has its instant.
    private bool TryReserve(TimeSpan waited, out TimeSpan wait, out int retryAfterMilliseconds)
    {
        lock (gate)
        {
            Fill();
            wait = TimeSpan.FromSeconds(Math.Max(0, (1 - bucket.Tokens) / perSecond));
            if (wait <= WaitMax && wait + waited <= WaitMaxWithDoor)
            {
                bucket.Tokens--;
                retryAfterMilliseconds = 0;
                return true;
            }

            turnedAway++;
            retryAfterMilliseconds = (int)Math.Min(
                RetryMillisecondsMax, RetryMillisecondsMin + (turnedAway * 1_000 / perSecond));
            return false;
        }
    }
}
