using Microsoft.AspNetCore.Connections;

namespace AkkaFeeds.Server.Edge.Streams;

/// <summary>
/// The line at the door: while a crowd of streams comes in, connections are looked at no faster than this, in the
/// order in which they came. Thousands that come back in one instant, each with a request to read and an upgrade to
/// answer, would else take the threads for a second in which those that are in are not heard. Safe for several
/// threads.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="perSecond">How many a second in the long run; a tenth of it may come at once.</param>
/// <param name="isCrowded">Whether a crowd comes in; else nobody waits.</param>
internal sealed class ConnectionPace(TimeProvider clock, double perSecond, Func<bool> isCrowded) : IDisposable
{
    /// <summary>How long one waits at the most: clients give up behind 5 s.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(4);

    private readonly PacedLine line = new(clock, perSecond, WaitMax);

    /// <summary>Lets each wait for its turn; a connection that had to has <see cref="Waited"/> as a feature.</summary>
    public ConnectionDelegate Middleware(ConnectionDelegate next) => connection =>
        line.Stand(isCrowded()) is { } turn ? WaitAsync(turn, next, connection) : next(connection);

    /// <inheritdoc/>
    public void Dispose() => line.Dispose();

    private async Task WaitAsync(PacedLine.Turn turn, ConnectionDelegate next, ConnectionContext connection)
    {
        await turn.Task.ConfigureAwait(false);
        connection.Features.Set(new Waited(clock.GetElapsedTime(turn.CameAt)));
        await next(connection).ConfigureAwait(false);
    }

    /// <summary>How long a connection stood in line, which counts for its first request.</summary>
    internal sealed class Waited(TimeSpan time)
    {
        private long ticks = time.Ticks;

        /// <summary>The time, once; then none.</summary>
        public TimeSpan Take() => new(Interlocked.Exchange(ref ticks, 0));
    }
}
