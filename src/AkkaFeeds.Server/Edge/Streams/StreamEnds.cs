namespace AkkaFeeds.Server.Edge.Streams;

/// <summary>
/// The line at the way out: streams that have ended are cleared away no faster than this. Thousands that are cut in
/// one instant, each with a request to unwind, an actor to stop and keys to leave, would else hold up everybody else
/// for half a second. Nobody waits while this process stops. Safe for several threads.
/// </summary>
internal sealed class StreamEnds : IDisposable
{
    // What has not been cleared away by then would be in the way of who comes back.
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(10);

    private readonly PacedLine line;
    private readonly CancellationTokenRegistration stopping;

    /// <summary>Begins.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="perSecond">
    /// How many a second in the long run; a tenth of it may end at once. More than are let in, so that none that comes
    /// back is refused for one that has gone.
    /// </param>
    /// <param name="gate">Says when this process stops.</param>
    public StreamEnds(TimeProvider clock, double perSecond, EdgeGate gate)
    {
        line = new PacedLine(clock, perSecond, WaitMax);
        stopping = gate.OnStopping(line.Open);
    }

    /// <summary>Completes when it is the turn of one more.</summary>
    public Task WaitAsync() => line.Stand()?.Task ?? Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        stopping.Dispose();
        line.Dispose();
    }
}
