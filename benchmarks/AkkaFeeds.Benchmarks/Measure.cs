using System.Globalization;
using System.Runtime.InteropServices;

namespace AkkaFeeds.Benchmarks;

/// <summary>
/// Times small things on one thread, by the processor time of that thread, so that other processes on the machine
/// cost the figures
/// their caches but not their turns. The median of nine rounds behind four that warm up.
/// </summary>
internal static partial class Measure
{
    private const int Rounds = 9;
    private const int ThreadCpuClock = 3;

    /// <summary>Prints nanoseconds and bytes allocated an operation.</summary>
    /// <param name="name">What is measured.</param>
    /// <param name="operations">How many operations one call of <paramref name="round"/> does.</param>
    /// <param name="round">The work.</param>
    public static void Print(string name, int operations, Action round)
    {
        for (var index = 0; index < 4; index++)
        {
            round();
            // Lets the compiler's own thread have its turn with what it has counted so far.
            Thread.Sleep(150);
        }

        var times = new List<double>();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var index = 0; index < Rounds; index++)
        {
            var start = ThreadNanoseconds();
            round();
            times.Add((ThreadNanoseconds() - start) / operations);
        }

        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Rounds / operations;
        times.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-62} {times[Rounds / 2],8:0.0} ns  {bytes,7:0.0} B   (fastest {times[0]:0.0}, slowest {times[^1]:0.0})"));
    }

    private static double ThreadNanoseconds()
    {
        if (ClockGetTime(ThreadCpuClock, out var time) != 0)
        {
            throw new InvalidOperationException("clock_gettime failed");
        }

        return (time.Seconds * 1e9) + time.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
