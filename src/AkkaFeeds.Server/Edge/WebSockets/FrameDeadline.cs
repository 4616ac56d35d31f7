namespace AkkaFeeds.Server.Edge.WebSockets;

/// <summary>
/// Who begins a frame, or a message of several, has to end it in time: else a byte now and then would hold a
/// connection, and what has come of its message, for ever.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="onLate">Called when the time is over, on a thread of the clock's.</param>
internal sealed class FrameDeadline(TimeProvider clock, Action onLate) : IDisposable
{
    /// <summary>How long it may take: the largest frame at 1.6 KiB a second.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    private ITimer? timer;
    private long begun;
    private bool isOver;

    /// <summary>Bytes have come. A frame nearly always comes whole: then there is no timer.</summary>
    public void Passed(FrameBoundary boundary)
    {
        var now = boundary.IsWhole ? 0 : boundary.Begun;
        if (now == begun || isOver)
        {
            return;
        }

        begun = now;
        timer ??= clock.CreateTimer(_ => onLate(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        timer.Change(now == 0 ? Timeout.InfiniteTimeSpan : Within, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        isOver = true;
        timer?.Dispose();
    }
}
