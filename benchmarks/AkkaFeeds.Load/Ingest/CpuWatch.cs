using System.Diagnostics;
using System.Globalization;

namespace AkkaFeeds.Load;

/// <summary>
/// How much processor time went to processes that are not ours: the machine's, from /proc/stat, less that of this
/// process and all that it started, the broker too. Interrupts are left out: those of loopback traffic are ours, and
/// carry no name.
/// </summary>
internal sealed class CpuWatch
{
    /// <summary>Above this a run says nothing.</summary>
    public const double OthersCoresMax = 0.3;

    private const double TicksPerSecond = 100;

    private readonly long started = Stopwatch.GetTimestamp();
    private readonly double machineAtStart = Machine();
    private readonly double oursAtStart = Ours();

    /// <summary>Cores taken by others since the start, on average.</summary>
    public double OthersCores()
    {
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return Math.Max(0, (Machine() - machineAtStart - (Ours() - oursAtStart)) / TicksPerSecond / seconds);
    }

    /// <summary>user, nice and system, and what the host took away (steal).</summary>
    private static double Machine()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Number(fields[1]) + Number(fields[2]) + Number(fields[3]) + Number(fields[8]);
    }

    /// <summary>
    /// This process and its descendants; the ended ones stand in the accounts of those that waited for them.
    /// </summary>
    private static double Ours() => ProcessTree.Read().Sum(process => process.Ticks);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
