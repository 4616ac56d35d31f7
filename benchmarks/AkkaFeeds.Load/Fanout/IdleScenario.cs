using System.Globalization;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Load;

/// <summary><c>idle</c>: what a connection that watches one key weighs while nothing changes.</summary>
internal static class IdleScenario
{
    private const double KibibytesMax = 20;

    public static async Task RunAsync(FanoutBench bench, LoadShape shape, int flush)
    {
        await using var site = await bench.StartAsync(shape.Keys, flush);
        var meter = new ProcessMeter(site.Server.Process.Id);

        // A first round of a few clients compiles the code that the others use too.
        var few = shape with { Connections = 50, Warm = TimeSpan.FromSeconds(1), Measured = TimeSpan.FromSeconds(3) };
        await using (var warm = LoadDriver.Start(bench.Driver, site.WebSocket, "akkafeeds", few))
        {
            await warm.ResultAsync(few.Measured);
        }

        await CollectAsync(site.Server);
        var before = meter.ResidentBytes();
        await using var clients = LoadDriver.Start(bench.Driver, site.WebSocket, "akkafeeds", shape);
        await clients.CountingAsync();
        meter.Start();
        var others = new CpuWatch();
        await Waiting.PauseAsync(shape.Measured / 2);
        var (cpu, seconds) = meter.Stop();
        var raw = meter.ResidentBytes();
        var cores = others.OthersCores();
        await CollectAsync(site.Server);
        var collected = meter.ResidentBytes();
        var result = await clients.ResultAsync(shape.Measured);
        Report(bench, shape.Connections, result, (before, raw, collected), cpu / seconds, cores);
    }

    private static void Report(
        FanoutBench bench, int connections, DriverResult result, (long Before, long Raw, long Collected) resident,
        double cores, double othersCores)
    {
        var each = (double)(resident.Raw - resident.Before) / connections / 1024;
        var table = new MarkdownTable(
            "connections", "RSS MiB without", "RSS MiB with", "KiB each", "KiB each after a collection", "cores",
            "driver cores", "others' cores", "closed");
        table.Add(
            Text(connections, "N0"), Text(resident.Before / 1048576.0), Text(resident.Raw / 1048576.0), Text(each),
            Text((double)(resident.Collected - resident.Before) / connections / 1024), Text(cores, "F2"),
            Text(result.CpuSeconds / result.Seconds, "F2"), Text(othersCores, "F2"), Text(result.Closed, "N0"));
        bench.Report.Remarks.Add($"{table}");
        bench.Report.Remarks.Add(
            "idle: each connection watches one key, nothing changes, and progress is sent once a second.");

        // Memory is the same whoever else has the cores, which is therefore no reason here.
        bench.Report.Aim(
            $"at most {KibibytesMax} KiB of RSS a connection", $"{each:F1} KiB", each <= KibibytesMax,
            result.Closed > 0 ? $"VOID: {result.Closed} were closed"
            : result.CpuSeconds > FanoutMeasurement.DriverCoresMax * result.Seconds ? "VOID: the driver was busy"
            : null,
            "idle");
    }

    private static string Text(double number, string format = "F1") =>
        number.ToString(format, CultureInfo.InvariantCulture);

    private static async Task CollectAsync(ServerProcess server)
    {
        var before = await server.Client.MetricsAsync() ?? throw new InvalidOperationException("no metrics");
        ForcedCollection.Ask(server.Process.Id);
        await server.MetricsAsync(
            metrics => Full(metrics) > Full(before), "a full collection", TimeSpan.FromMinutes(1));
    }

    private static double Full(Metrics metrics) =>
        metrics.Sum("dotnet_gc_collections_total", ("generation", "2"));
}
