using System.Globalization;

namespace AkkaFeeds.Load;

/// <summary><c>overload</c>: five times what is aimed at, for minutes; memory must not grow with time.</summary>
internal static class OverloadScenario
{
    private const double Factor = 5;
    private const int Edge = 10;

    public static async Task RunAsync(FanoutBench bench, LoadShape shape, int flush)
    {
        const string Scenario = "overload";
        var load = shape with { UpdatesPerSecond = Factor * shape.UpdatesPerSecond };
        var measured = await bench.MeasureAsync(Scenario, load, flush);
        var first = measured.ResidentBytes.Take(Edge).Average();
        var last = measured.ResidentBytes.TakeLast(Edge).Average();
        var grown = (last / first) - 1;
        bench.Report.Aim(
            $"RSS grows by at most 20 % in {load.Measured.TotalSeconds:F0} s", $"{100 * grown:F0} %", grown <= 0.2,
            measured.Wrong ?? measured.Void, Scenario);
        bench.Report.Remarks.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"overload: {load.DeliveriesPerSecond:N0} updates/s to connections for {load.Measured.TotalSeconds:F0} s: "
            + $"RSS {first / 1048576:F0} MiB in the first {Edge} s after {load.Warm.TotalSeconds:F0} s, "
            + $"{last / 1048576:F0} MiB in the last {Edge} s, {measured.ResidentBytes.Max() / 1048576} MiB at most."));
    }
}
