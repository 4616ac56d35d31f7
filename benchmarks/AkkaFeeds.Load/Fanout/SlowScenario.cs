using System.Globalization;

namespace AkkaFeeds.Load;

/// <summary>
/// <c>slow</c>: some clients read a tenth of what they would be sent, and answer marks. How old is what they see, and
/// what do the others notice?
/// </summary>
internal static class SlowScenario
{
    private const int SlowConnections = 10;
    private const double Part = 0.1;

    public static async Task RunAsync(FanoutBench bench, LoadShape shape, int flush)
    {
        var alone = shape with { Marks = true };
        var without = await bench.MeasureAsync("slow: none", alone, flush);
        var bytes = without.Result.Bytes / without.Result.Seconds / shape.Connections;
        var mixed = alone with
        {
            SlowConnections = SlowConnections,
            SlowBytesPerSecond = (int)(Part * bytes),
            Warm = TimeSpan.FromSeconds(20),
        };
        var with = await bench.MeasureAsync("slow: ten", mixed, flush);
        var moved = (with.Result.Latency.P99 / without.Result.Latency.P99) - 1;
        var slow = with.Result.Slow;
        bench.Report.Remarks.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"slow: {SlowConnections} clients read {mixed.SlowBytesPerSecond} bytes/s of {bytes:F0}: they saw "
            + $"{slow.Count} frames of age p50 {slow.P50:F0}, p99 {slow.P99:F0} ms (under 1500 is wanted); the others' "
            + $"p99 moved by {100 * moved:F0} %, from {without.Result.Latency.P99:F1} to "
            + $"{with.Result.Latency.P99:F1} ms (at most 10 % are wanted)."));
    }
}
