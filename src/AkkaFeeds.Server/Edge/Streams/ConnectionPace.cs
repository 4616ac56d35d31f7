using Microsoft.AspNetCore.Connections;

namespace AkkaFeeds.Server.Edge.Streams;

/// <summary>
/// The line at the door: connections are looked at no faster than this, in the order in which they came. Thousands
/// that come back in one instant, each with a request to read and an upgrade to answer, would else take the threads
/// for a second in which those that are in are not heard. Safe for several threads.
/// </summary>
internal sealed class ConnectionPace : IDisposable
{
    private const double SecondsAtOnce = 0.1;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(10);

    private readonly Queue<TaskCompletionSource> line = new();
    private readonly TimeProvider clock;
    private readonly ITimer timer;
    private readonly double perSecond;
    private double tokens;
    private long filledAt;

    /// <summary>Begins.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="perSecond">How many a second in the long run; a tenth of it may come at once.</param>
    public ConnectionPace(TimeProvider clock, double perSecond)
    {
        this.clock = clock;
        this.perSecond = perSecond;
        tokens = AtOnce;
        filledAt = clock.GetTimestamp();
        timer = clock.CreateTimer(_ => CallNext(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private double AtOnce => Math.Max(1, SecondsAtOnce * perSecond);

    /// <summary>Lets each connection wait for its turn.</summary>
    public ConnectionDelegate Middleware(ConnectionDelegate next) => connection =>
        Turn() is { IsCompleted: false } turn ? WaitAsync(turn, next, connection) : next(connection);

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

    private static async Task WaitAsync(Task turn, ConnectionDelegate next, ConnectionContext connection)
    {
        await turn.ConfigureAwait(false);
        await next(connection).ConfigureAwait(false);
    }

    private Task Turn()
    {
        lock (line)
        {
            Fill();
            if (line.Count == 0 && tokens >= 1)
            {
                tokens--;
                return Task.CompletedTask;
            }

            if (line.Count == 0)
            {
                timer.Change(Every, Every);
            }

            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            line.Enqueue(turn);
            return turn.Task;
        }
    }

    private void CallNext()
    {
        lock (line)
        {
            Fill();
            for (; tokens >= 1 && line.TryDequeue(out var turn); tokens--)
            {
                turn.TrySetResult();
            }

            if (line.Count == 0)
            {
                timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Fill()
    {
        var now = clock.GetTimestamp();
        tokens = Math.Min(AtOnce, tokens + (clock.GetElapsedTime(filledAt, now).TotalSeconds * perSecond));
        filledAt = now;
    }
}
