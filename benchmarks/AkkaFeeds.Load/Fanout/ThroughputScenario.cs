using System.Globalization;

namespace AkkaFeeds.Load;

/// <summary>
/// <c>many-keys</c> and <c>one-key</c>: the processor time of a delivered update, ours for each flush and the peers'
/// at the same rate, with frames as large as ours. The floor is measured before and after.
/// </summary>
internal static class ThroughputScenario
{
    public static async Task RunAsync(
        FanoutBench bench, string scenario, LoadShape shape, int[] flushes, string[] peers)
    {
        var bytes = FanoutBench.FrameBytes;
        foreach (var flush in flushes)
        {
            var ours = await bench.MeasureAsync(scenario, shape, flush);
            bytes = (int)Math.Clamp(ours.BytesADelivery, 195, 600);
        }

        foreach (var peer in peers)
        {
            await bench.MeasurePeerAsync(scenario, peer, shape with { Warm = TimeSpan.FromSeconds(8) }, bytes);
        }

        bench.Report.Remarks.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"{scenario}: {shape.Connections} connections x {shape.Subscriptions} of {shape.Keys} keys, "
            + $"{shape.UpdatesPerSecond} updates/s: {shape.DeliveriesPerSecond:N0} deliveries/s if none are merged."));
    }
}
