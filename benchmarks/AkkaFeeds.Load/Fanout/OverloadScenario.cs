using System.Globalization;

namespace AkkaFeeds.Load;

/// <summary><c>overload</c>: five times what is aimed at, for minutes; memory must not grow with time.</summary>
internal static class OverloadScenario
{
    private const double Factor = 5;
    private const int Edge = 10;

    public static async Task RunAsync(FanoutBench bench, LoadShape shape, TimeSpan time, int flush)
    {
        var load = shape with
        {
            UpdatesPerSecond = Factor * shape.UpdatesPerSecond,
            Warm = TimeSpan.FromSeconds(30),
            Measured = time,
        };
        var measured = await bench.MeasureAsync("overload", load, flush);
        var first = measured.ResidentBytes.Take(Edge).Average();
        var last = measured.ResidentBytes.TakeLast(Edge).Average();
        bench.Report.Remarks.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"overload: {load.DeliveriesPerSecond:N0} deliveries/s wanted for {time.TotalSeconds:F0} s: RSS "
            + $"{first / 1048576:F0} MiB in the first {Edge} s after {load.Warm.TotalSeconds:F0} s, "
            + $"{last / 1048576:F0} MiB in the last {Edge} s, {measured.ResidentBytes.Max() / 1048576} MiB at most: "
            + $"{100 * ((last / first) - 1):F0} % more (at most 20 are wanted)."));
    }
}
