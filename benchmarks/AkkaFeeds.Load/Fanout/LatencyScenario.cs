using System.Globalization;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Load;

/// <summary>
/// <c>latency</c>: one client, one key, records at random instants. In between as many go to a topic that a bare
/// Consume loop reads: of the same run, and without the two standing in each other's way, as they do where one record
/// wakes both.
/// </summary>
internal static class LatencyScenario
{
    private const string Scenario = "latency";
    private const double MillisecondsMax = 0.5;

    // What has been up for a while has compiled the code of a record: at a few records a second that takes minutes.
    private const double WarmRecordsPerSecond = 500;

    public static async Task RunAsync(FanoutBench bench, LoadShape shape, int[] flushes)
    {
        var table = new MarkdownTable(
            "flush", "produce to", "count", "p50 ms", "p90 ms", "p99 ms", "driver cores", "others' cores", "note");
        foreach (var flush in flushes)
        {
            await RunAsync(bench, table, shape, flush);
        }

        bench.Report.Remarks.Add($"{table}");
        bench.Report.Remarks.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"latency: one client of one key, {shape.UpdatesPerSecond} records/s at random instants for "
            + $"{shape.Measured.TotalSeconds:F0} s, behind {shape.Warm.TotalSeconds:F0} s of "
            + $"{WarmRecordsPerSecond}/s; the age of the newest record that a frame tells."));
    }

    private static async Task RunAsync(FanoutBench bench, MarkdownTable table, LoadShape shape, int flush)
    {
        await using var site = await bench.StartAsync(shape.Keys, flush, lingerMilliseconds: 0);
        var brokers = bench.Broker.BootstrapServers;
        var bareTopic = $"{site.Topic}-bare";
        await FlightProducer.CreateTopicAsync(brokers, bareTopic);
        using var bareSource = new RecordSource(brokers, bareTopic, shape.Keys, seed: 11, lingerMilliseconds: 0);
        using var bare = new BareConsumer(brokers, bareTopic, FlightProducer.Partitions);
        await using var client = LoadDriver.Start(bench.Driver, site.WebSocket, "akkafeeds", shape);
        await client.SubscribedAsync();
        site.Source.Start(WarmRecordsPerSecond, isRandom: true);
        bareSource.Start(WarmRecordsPerSecond, isRandom: true);
        await client.CountingAsync();
        site.Source.GoOn(shape.UpdatesPerSecond);
        bareSource.GoOn(shape.UpdatesPerSecond);
        var others = new CpuWatch();
        bare.Count();
        var result = await client.ResultAsync(shape.Measured);
        var cores = others.OthersCores();
        var ages = bare.Stop();
        var ours = result.Latency;
        var differs = ours.P50 - Percentile(ages, 0.5);
        var why = cores > CpuWatch.OthersCoresMax ? $"VOID: others took {Text(cores)} cores"
            : ours.Count == 0 || ages.Length == 0 ? "VOID: nothing came" : null;
        var name = flush == 0 ? "default" : Text(flush, "0 ms");
        table.Add(
            name, "frame read", Text(ours.Count, "N0"), Text(ours.P50), Text(ours.P90), Text(ours.P99),
            Text(result.CpuSeconds / result.Seconds), Text(cores), why ?? "");
        table.Add(
            name, "Consume", Text(ages.Length, "N0"), Text(Percentile(ages, 0.5)), Text(Percentile(ages, 0.9)),
            Text(Percentile(ages, 0.99)), "", "", "");
        bench.Report.Aim(
            $"flush {name}: p50 at most 0.5 ms above Consume's", $"{differs:F2} ms", differs <= MillisecondsMax, why,
            Scenario);
    }

    private static double Percentile(double[] ascending, double part) =>
        ascending.Length == 0 ? double.NaN : ascending[Math.Min(ascending.Length - 1, (int)(part * ascending.Length))];

    private static string Text(double number, string format = "F2") =>
        number.ToString(format, CultureInfo.InvariantCulture);
}
