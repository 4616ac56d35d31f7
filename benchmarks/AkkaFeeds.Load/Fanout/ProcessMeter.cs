using System.Diagnostics;
using System.Globalization;

namespace AkkaFeeds.Load;

/// <summary>What one process takes, as the kernel tells it: user and system time, and resident memory.</summary>
internal sealed class ProcessMeter(int processId)
{
    private const double TicksPerSecond = 100;
    private const string Resident = "VmRSS:";

    private double ticksAtStart;
    private long started;

    /// <summary>Begins to count.</summary>
    public void Start()
    {
        ticksAtStart = Ticks();
        started = Stopwatch.GetTimestamp();
    }

    /// <summary>The processor seconds since the start, and how long that was.</summary>
    public (double CpuSeconds, double Seconds) Stop() =>
        ((Ticks() - ticksAtStart) / TicksPerSecond, Stopwatch.GetElapsedTime(started).TotalSeconds);

    /// <summary>Resident bytes.</summary>
    public long ResidentBytes()
    {
        var line = Read("status").Split('\n')
            .First(each => each.StartsWith(Resident, StringComparison.Ordinal));
        return long.Parse(line[Resident.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(),
            CultureInfo.InvariantCulture) * 1024;
    }

    private string Read(string name)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/{name}");
        }
        catch (IOException gone)
        {
            throw new IOException($"process {processId} has ended before it was measured", gone);
        }
    }

    private double Ticks()
    {
        // The name of the program stands in parentheses and may hold anything; the fields follow the last one.
        var text = Read("stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return double.Parse(fields[11], CultureInfo.InvariantCulture)
            + double.Parse(fields[12], CultureInfo.InvariantCulture);
    }
}
