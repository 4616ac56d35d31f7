namespace AkkaFeeds.Server.Edge.Streams;

/// <summary>
/// A line in which each waits for his turn, in the order in which they came, where more come than so many a second.
/// Safe for several threads.
/// </summary>
internal sealed class PacedLine : IDisposable
{
    private const double SecondsAtOnce = 0.1;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(10);

    private readonly Queue<Turn> line = new();
    private readonly TimeProvider clock;
    private readonly TimeSpan waitMax;
    private readonly ITimer timer;
    private TokenBucket bucket;
    private bool isOpen;

    /// <summary>Begins.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="perSecond">How many a second in the long run; a tenth of it may pass at once.</param>
    /// <param name="waitMax">How long one waits at the most.</param>
    public PacedLine(TimeProvider clock, double perSecond, TimeSpan waitMax)
    {
        this.clock = clock;
        this.waitMax = waitMax;
        bucket = new TokenBucket(clock, perSecond, Math.Max(1, SecondsAtOnce * perSecond));
        timer = clock.CreateTimer(_ => CallNext(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Takes a place in the line; null where there is nothing to wait for.</summary>
    /// <param name="isCrowded">Whether it is to be waited for a turn; behind others that wait it always is.</param>
    public Turn? Stand(bool isCrowded = true)
    {
        lock (line)
        {
            bucket.Fill();
            if (line.Count == 0)
            {
                if (isOpen || bucket.Tokens >= 1 || !isCrowded)
                {
                    bucket.Tokens = Math.Max(0, bucket.Tokens - 1);
                    return null;
                }

                timer.Change(Every, Every);
            }

            var turn = new Turn(clock.GetTimestamp());
            line.Enqueue(turn);
            return turn;
        }
    }

    /// <summary>Lets all pass, from now on.</summary>
    public void Open()
    {
        lock (line)
        {
            isOpen = true;
        }

        CallNext();
    }

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

    private void CallNext()
    {
        lock (line)
        {
            bucket.Fill();
            while (line.TryPeek(out var turn) && (isOpen || bucket.Tokens >= 1 || Waited(turn) >= waitMax))
            {
                bucket.Tokens = Math.Max(0, bucket.Tokens - 1);
                line.Dequeue().TrySetResult();
            }

            if (line.Count == 0)
            {
                timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private TimeSpan Waited(Turn turn) => clock.GetElapsedTime(turn.CameAt);

    /// <summary>A place in the line; its task completes when it is its turn.</summary>
    /// <param name="cameAt">When it was taken, as the clock's timestamp.</param>
    internal sealed class Turn(long cameAt) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        /// <summary>When it was taken, as the clock's timestamp.</summary>
        public long CameAt => cameAt;
    }
}
