using System.Globalization;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Load;

/// <summary>
/// <c>storm</c>: thousands of clients are reset in one instant and come back by the rules of the browser's client. How
/// long until all are whole, does the store notice, and what do those notice that were not cut?
/// </summary>
internal static class StormScenario
{
    private const string Scenario = "storm";
    private const double WholeSecondsMax = 10;
    private const double OthersPartMax = 0.1;

    // Of what readers see a slot's recovery is all that is read from the store.
    private static readonly string[] Restarts =
        ["akkafeeds_recoveries_total", "akkafeeds_gaps_total", "akkafeeds_rewinds_total"];

    /// <summary>Runs it.</summary>
    /// <param name="bench">What all scenarios share.</param>
    /// <param name="shape">The load; its connections are those that are cut.</param>
    /// <param name="others">So many more are not cut.</param>
    /// <param name="flush">Of the server, ms; 0 for its default.</param>
    public static async Task RunAsync(FanoutBench bench, LoadShape shape, int others, int flush)
    {
        await using var site = await bench.StartAsync(shape.Keys, flush);
        var storm = shape with
        {
            Connections = shape.Connections + others, Staying = others, Marks = true, Check = true,
        };
        await using var clients = LoadDriver.Start(bench.Driver, site.WebSocket, "akkafeeds", storm);
        await clients.SubscribedAsync();
        site.Source.Start(shape.UpdatesPerSecond);
        await clients.CountingAsync();
        var cpu = new CpuWatch();
        var restarts = await RestartsAsync(site.Server);
        var result = await clients.ResultAsync(shape.Measured);
        var othersCores = cpu.OthersCores();
        restarts = await RestartsAsync(site.Server) - restarts;
        site.Source.Stop();
        bench.Report.Remarks.Add(Table(result, storm, othersCores));
        Aims(bench.Report, result, restarts, othersCores);
    }

    private static async Task<double> RestartsAsync(ServerProcess server)
    {
        var metrics = await server.Client.MetricsAsync() ?? throw new InvalidOperationException("no metrics");
        return Restarts.Sum(name => metrics.Sum(name));
    }

    private static void Aims(FanoutReport report, DriverResult result, double restarts, double othersCores)
    {
        var storm = result.Storm ?? throw new InvalidOperationException("the driver tells nothing of the storm");
        var wrong = result.Violations > 0 ? $"WRONG: {result.Violations} violations of the protocol"
            : result.Errors > 0 ? $"WRONG: {result.Errors} errors from the server"
            : result.Closed > 0 ? $"WRONG: {result.Closed} that were not cut were closed"
            : null;
        report.IsWrong |= wrong is not null || storm.Whole < storm.Cut || storm.Recoveries > 0;
        var why = wrong ?? (othersCores > CpuWatch.OthersCoresMax ? string.Create(
            CultureInfo.InvariantCulture, $"VOID: others took {othersCores:F2} cores") : null);
        report.Aim(
            $"all are whole again within {WholeSecondsMax:F0} s",
            $"{storm.Whole} of {storm.Cut} after {storm.Seconds:F2} s",
            storm.Whole == storm.Cut && storm.Seconds <= WholeSecondsMax, why, Scenario);
        report.Aim(
            $"nothing is read from the store",
            $"{storm.Recoveries} views of slots that began again, {restarts} recoveries, gaps and rewinds",
            storm.Recoveries == 0 && restarts == 0, wrong, Scenario);
        var moved = (result.Latency.P99 / storm.Before.P99) - 1;
        report.Aim(
            $"the others' p99 moves by at most {100 * OthersPartMax:F0} %",
            $"{100 * moved:F0} %: {storm.Before.P99:F1}, then {result.Latency.P99:F1} ms", moved <= OthersPartMax, why,
            Scenario);
    }

    private static string Table(DriverResult result, LoadShape shape, double othersCores)
    {
        var storm = result.Storm!;
        var table = new MarkdownTable(
            "cut", "others", "whole", "s until all", "s p50", "s p99", "tries", "told later", "failed", "resumed",
            "snapshots", "others' p99 before, ms", "during, ms", "frames during", "driver cores", "others' cores");
        table.Add(
            Text(storm.Cut), Text(shape.Staying), Text(storm.Whole), Text(storm.Seconds, "F2"),
            Text(storm.Back.P50 / 1_000, "F2"), Text(storm.Back.P99 / 1_000, "F2"), Text(storm.Tries),
            Text(storm.ToldLater), Text(storm.Failed), Text(storm.Resumed), Text(storm.Snapshots),
            Text(storm.Before.P99, "F1"), Text(result.Latency.P99, "F1"), Text(result.Latency.Count),
            Text(result.CpuSeconds / result.Seconds, "F2"), Text(othersCores, "F2"));
        return $"{table}\nstorm: each client watches {shape.Subscriptions} of {shape.Keys} keys with "
            + $"{Text(shape.UpdatesPerSecond)} updates/s, answers marks and resumes; frames are checked.";
    }

    private static string Text(IFormattable? number, string format = "N0") =>
        number?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
