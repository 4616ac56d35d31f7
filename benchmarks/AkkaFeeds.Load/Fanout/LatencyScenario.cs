using System.Globalization;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Load;

/// <summary>
/// <c>latency</c>: one client, one key, records at random instants. The same records are read at the same time by a
/// bare Consume loop, so that the difference is ours.
/// </summary>
internal static class LatencyScenario
{
    private const double RecordsPerSecond = 40;

    public static async Task RunAsync(FanoutBench bench, TimeSpan measured, int[] flushes)
    {
        foreach (var flush in flushes)
        {
            await RunAsync(bench, measured, flush);
        }
    }

    private static async Task RunAsync(FanoutBench bench, TimeSpan measured, int flush)
    {
        var shape = new LoadShape
        {
            Connections = 1,
            UpdatesPerSecond = RecordsPerSecond,
            Warm = TimeSpan.FromSeconds(20),
            Measured = measured,
        };
        await using var site = await bench.StartAsync(shape.Keys, flush);
        using var bare = new BareConsumer(bench.Broker.BootstrapServers, site.Topic, FlightProducer.Partitions);
        await using var client = LoadDriver.Start(bench.Driver, site.WebSocket, "akkafeeds", shape);
        await client.SubscribedAsync();
        site.Source.Start(RecordsPerSecond, isRandom: true);
        await client.CountingAsync();
        var others = new CpuWatch();
        bare.Count();
        var result = await client.ResultAsync(shape.Measured);
        var ages = bare.Stop();
        var ours = result.Latency;
        bench.Report.Remarks.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"latency{(flush == 0 ? "" : $", flush {flush} ms")}: produce to frame read p50 {ours.P50:F2}, p90 "
            + $"{ours.P90:F2}, p99 {ours.P99:F2} ms ({ours.Count} frames); produce to Consume p50 "
            + $"{Percentile(ages, 0.5):F2}, p90 {Percentile(ages, 0.9):F2}, p99 {Percentile(ages, 0.99):F2} ms "
            + $"({ages.Length} records): p50 differs by {ours.P50 - Percentile(ages, 0.5):F2} ms (at most 0.5 is "
            + $"wanted). Others took {others.OthersCores():F2} cores."));
    }

    private static double Percentile(double[] ascending, double part) =>
        ascending.Length == 0 ? double.NaN : ascending[Math.Min(ascending.Length - 1, (int)(part * ascending.Length))];
}
