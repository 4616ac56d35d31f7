using Microsoft.AspNetCore.Connections;

namespace AkkaFeeds.Server.Edge.Streams;

/// <summary>
/// The line at the door: while a crowd of streams comes in, connections are looked at no faster than this, in the
/// order in which they came. Thousands that come back in one instant, each with a request to read and an upgrade to
/// answer, would else take the threads for a second in which those that are in are not heard. Safe for several
/// threads.
/// </summary>
internal sealed class ConnectionPace : IDisposable
{
    /// <summary>How long one waits at the most: clients give up behind 5 s.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(4);

    private const double SecondsAtOnce = 0.1;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(10);

    private readonly Queue<Turn> line = new();
    private readonly TimeProvider clock;
    private readonly ITimer timer;
    private readonly Func<bool> isCrowded;
    private TokenBucket bucket;

    /// <summary>Begins.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="perSecond">How many a second in the long run; a tenth of it may come at once.</param>
    /// <param name="isCrowded">Whether a crowd comes in; else nobody waits.</param>
    public ConnectionPace(TimeProvider clock, double perSecond, Func<bool> isCrowded)
    {
        this.clock = clock;
        this.isCrowded = isCrowded;
        bucket = new TokenBucket(clock, perSecond, Math.Max(1, SecondsAtOnce * perSecond));
        timer = clock.CreateTimer(_ => CallNext(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Lets each wait for its turn; a connection that had to has <see cref="Waited"/> as a feature.</summary>
    public ConnectionDelegate Middleware(ConnectionDelegate next) => connection =>
        StandInLine() is { } turn ? WaitAsync(turn, next, connection) : next(connection);

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

    private async Task WaitAsync(Turn turn, ConnectionDelegate next, ConnectionContext connection)
    {
        await turn.Task.ConfigureAwait(false);
        connection.Features.Set(new Waited(clock.GetElapsedTime(turn.CameAt)));
        await next(connection).ConfigureAwait(false);
    }

    private Turn? StandInLine()
    {
        lock (line)
        {
            bucket.Fill();
            if (line.Count == 0)
            {
                if (bucket.Tokens >= 1 || !isCrowded())
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

    private void CallNext()
    {
        lock (line)
        {
            bucket.Fill();
            while (line.TryPeek(out var turn) && (bucket.Tokens >= 1 || clock.GetElapsedTime(turn.CameAt) >= WaitMax))
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

    /// <summary>How long a connection stood in line, which counts for its first request.</summary>
    internal sealed class Waited(TimeSpan time)
    {
        private long ticks = time.Ticks;

        /// <summary>The time, once; then none.</summary>
        public TimeSpan Take() => new(Interlocked.Exchange(ref ticks, 0));
    }

    private sealed class Turn(long cameAt) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long CameAt => cameAt;
    }
}
