using System.Globalization;

namespace AkkaFeeds.Load;

/// <summary>
/// <c>many-keys</c> and <c>one-key</c>: the processor time of a frame and of an update, ours for each flush and then
/// the peers' at the same rate, with frames as large as ours.
/// </summary>
internal static class ThroughputScenario
{
    private const double AllFrames = 0.95;

    // What the aims of many-keys were set for; at less load an update costs more, because less is merged.
    private const double AimedDeliveries = 200_000;

    public static async Task ManyKeysAsync(FanoutBench bench, LoadShape shape, int[] flushes, string[] peers)
    {
        const string Scenario = "many-keys";
        var (ours, _) = await RunAsync(bench, Scenario, shape, flushes, peers);
        foreach (var one in ours.Where(_ => shape.DeliveriesPerSecond >= AimedDeliveries))
        {
            var why = one.Wrong ?? one.Void;
            bench.Report.Aim(
                $"{one.Who}: at most 4.0 us CPU a delivered update", $"{one.MicrosecondsAnUpdate:F2} us",
                one.MicrosecondsAnUpdate <= 4.0, why, Scenario);
            bench.Report.Aim(
                $"{one.Who}: p99 at most 120 ms", $"{one.Result.Latency.P99:F1} ms", one.Result.Latency.P99 <= 120,
                why, Scenario);
            bench.Report.Aim($"{one.Who}: under 0.9 core", $"{one.Cores:F2}", one.Cores < 0.9, why, Scenario);
        }
    }

    public static async Task OneKeyAsync(FanoutBench bench, LoadShape shape, int[] flushes, string[] peers)
    {
        const string Scenario = "one-key";

        // With the default flush, updates that come every 20 ms are merged; what a frame costs is seen where each
        // update is a frame, as it is with the floor.
        var (ours, theirs) = await RunAsync(bench, Scenario, shape, flushes is [0] ? [10, 0] : flushes, peers);
        var floor = theirs.FirstOrDefault(each => each.Who == "floor");
        var signalr = theirs.FirstOrDefault(each => each.Who == "signalr");
        foreach (var one in ours.Where(each => each.DeliveriesPerSecond >= AllFrames * shape.DeliveriesPerSecond))
        {
            if (floor is not null)
            {
                var times = one.MicrosecondsADelivery / floor.MicrosecondsADelivery;
                bench.Report.Aim(
                    $"{one.Who}: a frame costs at most 2.0 x floor", $"{times:F2}", times <= 2.0, Why(one, floor),
                    Scenario);
            }

            if (signalr is not null)
            {
                bench.Report.Aim(
                    $"{one.Who}: a frame costs less than SignalR's",
                    $"{one.MicrosecondsADelivery:F2} against {signalr.MicrosecondsADelivery:F2} us",
                    one.MicrosecondsADelivery < signalr.MicrosecondsADelivery, Why(one, signalr), Scenario);
            }
        }

        if (ours.TrueForAll(each => each.DeliveriesPerSecond < AllFrames * shape.DeliveriesPerSecond))
        {
            bench.Report.Remarks.Add(
                $"{Scenario}: no flush wrote a frame for each update (95 % are wanted), so a frame is not compared.");
        }
    }

    private static string? Why(FanoutMeasurement one, FanoutMeasurement other) =>
        one.Wrong ?? one.Void ?? other.Wrong ?? other.Void;

    private static async Task<(List<FanoutMeasurement> Ours, List<FanoutMeasurement> Peers)> RunAsync(
        FanoutBench bench, string scenario, LoadShape shape, int[] flushes, string[] peers)
    {
        List<FanoutMeasurement> ours = [];
        List<FanoutMeasurement> theirs = [];
        foreach (var flush in flushes)
        {
            ours.Add(await bench.MeasureAsync(scenario, shape, flush));
        }

        var bytes = (int)Math.Clamp(ours[0].BytesADelivery, 195, 600);
        foreach (var peer in peers)
        {
            if (await bench.MeasurePeerAsync(scenario, peer, shape, bytes) is { } measured)
            {
                theirs.Add(measured);
            }
        }

        bench.Report.Remarks.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"{scenario}: {shape.Connections} connections x {shape.Subscriptions} of {shape.Keys} keys, "
            + $"{shape.UpdatesPerSecond} updates/s: {shape.DeliveriesPerSecond:N0} frames/s if none are merged."));
        return (ours, theirs);
    }
}
