using System.Globalization;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Load;

/// <summary><c>idle</c>: what a connection that watches one key weighs while nothing changes.</summary>
internal static class IdleScenario
{
    private const int Keys = 1_000;

    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(FanoutBench bench, int connections, int flush)
    {
        await using var site = await bench.StartAsync(Keys, flush);
        var meter = new ProcessMeter(site.Server.Process.Id);

        // A first round of a few clients compiles the code that the others use too.
        var few = Shape(50, TimeSpan.FromSeconds(3));
        await using (var warm = LoadDriver.Start(bench.Driver, site.WebSocket, "akkafeeds", few))
        {
            await warm.ResultAsync(few.Measured);
        }

        await CollectAsync(site.Server);
        var before = meter.ResidentBytes();
        var shape = Shape(connections, TimeSpan.FromSeconds(20));
        await using var clients = LoadDriver.Start(bench.Driver, site.WebSocket, "akkafeeds", shape);
        await clients.CountingAsync();
        meter.Start();
        await Waiting.PauseAsync(Settle);
        var (cpu, seconds) = meter.Stop();
        var raw = meter.ResidentBytes();
        await CollectAsync(site.Server);
        var collected = meter.ResidentBytes();
        var result = await clients.ResultAsync(shape.Measured);
        bench.Report.Remarks.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"idle: {connections} connections of one key each: RSS {before / 1048576} MiB before, {raw / 1048576} MiB "
            + $"with them: {(double)(raw - before) / connections / 1024:F1} KiB each, "
            + $"{(double)(collected - before) / connections / 1024:F1} KiB after a forced collection (20 KB are "
            + $"wanted). Progress alone took {cpu / seconds:F2} cores. {result.Closed} were closed."));
    }

    private static LoadShape Shape(int connections, TimeSpan measured) => new()
    {
        Connections = connections,
        Keys = Keys,
        UpdatesPerSecond = 0,
        Warm = TimeSpan.FromSeconds(5),
        Measured = measured,
    };

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
