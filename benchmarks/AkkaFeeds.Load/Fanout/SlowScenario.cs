using System.Globalization;

namespace AkkaFeeds.Load;

/// <summary>
/// <c>slow</c>: some clients read a tenth of the rate at which their key changes, and answer marks. How old is what
/// they see, and what do the others notice?
/// </summary>
internal static class SlowScenario
{
    private const double Part = 0.1;

    public static async Task RunAsync(FanoutBench bench, LoadShape shape, int slowConnections, int flush)
    {
        const string Scenario = "slow";
        var alone = shape with { Marks = true };
        var without = await bench.MeasureAsync("slow: none", alone, flush);

        // The rate is that of the key, not that of the frames: merging is what a slow client is helped with.
        var bytes = shape.UpdatesPerSecond * without.BytesADelivery;
        var mixed = alone with { SlowConnections = slowConnections, SlowBytesPerSecond = (int)(Part * bytes) };
        var with = await bench.MeasureAsync("slow: some", mixed, flush);
        var moved = (with.Result.Latency.P99 / without.Result.Latency.P99) - 1;
        var slow = with.Result.Slow;
        var why = without.Wrong ?? with.Wrong ?? without.Void ?? with.Void;
        bench.Report.Aim(
            $"who reads a tenth sees data of p99 under 1.5 s", $"{slow.P99:F0} ms of {slow.Count} frames",
            slow is { Count: > 0, P99: < 1_500 }, why, Scenario);
        bench.Report.Aim(
            $"the others' p99 moves by at most 10 %",
            $"{100 * moved:F0} %: {without.Result.Latency.P99:F1}, then {with.Result.Latency.P99:F1} ms", moved <= 0.1,
            why, Scenario);
        bench.Report.Remarks.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"slow: {slowConnections} of {shape.Connections} clients read {mixed.SlowBytesPerSecond} bytes/s of the "
            + $"{bytes:F0} that {shape.UpdatesPerSecond} updates/s are; they saw {slow.Count} frames of age p50 "
            + $"{slow.P50:F0}, p90 {slow.P90:F0}, p99 {slow.P99:F0}, max {slow.Max:F0} ms."));
    }
}
