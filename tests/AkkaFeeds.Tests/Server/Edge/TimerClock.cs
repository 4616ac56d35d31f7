namespace AkkaFeeds.Tests.Server.Edge;

/// <summary>A clock that stands until it is moved; its timers fire once, where it is moved to.</summary>
internal sealed class TimerClock : TimeProvider
{
    private readonly List<HandTimer> timers = [];
    private TimeSpan now;

    /// <summary>How many timers were made.</summary>
    public int Timers => timers.Count;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HandTimer(this, () => callback(state));
        timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        now += by;
        foreach (var timer in timers.ToArray())
        {
            timer.FireIfDue();
        }
    }

    private sealed class HandTimer(TimerClock clock, Action onDue) : ITimer
    {
        private TimeSpan? due;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            due = dueTime < TimeSpan.Zero ? null : clock.now + dueTime;
            return true;
        }

        public void FireIfDue()
        {
            if (due <= clock.now)
            {
                due = null;
                onDue();
            }
        }

        public void Dispose() => due = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
