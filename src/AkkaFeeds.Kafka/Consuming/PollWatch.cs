using System.Diagnostics;

namespace AkkaFeeds.Kafka.Consuming;

/// <summary>The time between polls. Beats come from the poll thread, readings from anywhere.</summary>
internal sealed class PollWatch
{
    private long last = Stopwatch.GetTimestamp();
    private long longest;

    public TimeSpan SinceLast => Stopwatch.GetElapsedTime(Volatile.Read(ref last));

    public TimeSpan Longest => Stopwatch.GetElapsedTime(0, Volatile.Read(ref longest));

    public void Beat()
    {
        var now = Stopwatch.GetTimestamp();
        if (now - last > longest)
        {
            Volatile.Write(ref longest, now - last);
        }

        Volatile.Write(ref last, now);
    }
}
