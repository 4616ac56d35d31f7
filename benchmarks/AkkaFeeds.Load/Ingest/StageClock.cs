using System.Diagnostics;

namespace AkkaFeeds.Load;

/// <summary>Measures a stage inside its own process: from the first record to the last.</summary>
internal sealed class StageClock
{
    private long started;
    private long allocated;
    private TimeSpan cpu;

    /// <summary>Called when the first record is there.</summary>
    public void Start()
    {
        allocated = GC.GetTotalAllocatedBytes(precise: true);
        cpu = Environment.CpuUsage.TotalTime;
        started = Stopwatch.GetTimestamp();
    }

    /// <summary>Called when the last one is done.</summary>
    public StageResult Stop(long records)
    {
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new(
            records, seconds, GC.GetTotalAllocatedBytes(precise: true) - allocated,
            (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
    }
}
