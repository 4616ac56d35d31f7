using System.Diagnostics;
using System.Globalization;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Load;

/// <summary>
/// <c>load --smoke</c>: a short round for each change. Nothing is measured: at the end every connection holds the
/// last version of every key that it watches, as HTTP says it, and no frame may break the protocol.
/// </summary>
internal static class FanoutSmoke
{
    private static readonly TimeSpan Producing = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Arriving = TimeSpan.FromSeconds(20);

    private static readonly LoadShape Shape = new()
    {
        Connections = 200,
        Subscriptions = 5,
        Keys = 20,
        UpdatesPerSecond = 400,
        Marks = true,
        Check = true,
        Warm = TimeSpan.Zero,
        Measured = TimeSpan.FromMinutes(2),
    };

    // Keys are dealt evenly: 7, the step from one connection to the next, has no divisor in common with their number.
    private static int Holders => Shape.Connections * Shape.Subscriptions / Shape.Keys;

    public static async Task<int> RunAsync(string[] options)
    {
        _ = Arguments.Parse(options);
        Prerequisites.Check(needsFlights: false);
        using var folder = new TemporaryFolder();
        var driver = await NativeProgram.DriverAsync(folder);
        await using var broker = await Prerequisites.BrokerAsync();
        await using var site = await FanoutSite.StartAsync(broker, Shape.Keys, []);
        await using var clients = LoadDriver.Start(driver, site.WebSocket, "akkafeeds", Shape);
        await clients.CountingAsync();
        site.Source.Start(Shape.UpdatesPerSecond);
        await Waiting.PauseAsync(Producing);
        site.Source.Stop();
        var expected = site.Source.Sent * Holders;
        var waited = Stopwatch.StartNew();
        while (clients.Held != expected && waited.Elapsed < Arriving)
        {
            await Waiting.PauseAsync(TimeSpan.FromMilliseconds(50));
        }

        waited.Stop();
        var result = await clients.StopAsync();
        var differences = await DifferencesAsync(site, result);
        var isRight = result is { Violations: 0, Errors: 0, Closed: 0, Deliveries: > 0, Marks: > 0 }
            && result.Held == expected && differences.Count == 0;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{site.Source.Sent} records, {Shape.Connections} connections: {result.Deliveries} frames told "
            + $"{result.Updates} updates; held {result.Held} of {expected}, {waited.Elapsed.TotalSeconds:F1} s after "
            + $"the last record; {result.Marks} marks, {result.Violations} violations, {result.Errors} errors, "
            + $"{result.Closed} closed; {differences.Count} keys differ from HTTP"));
        if (!isRight && await site.Server.Client.MetricsAsync() is { } metrics)
        {
            Console.WriteLine($"{string.Join('\n', differences)}\n{metrics.Interesting}\n{site.Server.Process.Tail}");
        }

        var isWhole = await StormSmoke.RunAsync(driver, site, Shape.Keys);
        var passed = (isRight ? 1 : 0) + (isWhole ? 1 : 0);
        Console.WriteLine($"checks: {passed} passed, {2 - passed} failed");
        return passed == 2 ? 0 : 1;
    }

    /// <summary>
    /// The keys of which some connection does not hold the last version as HTTP says it. What was merged on the way is
    /// no difference, what was lost or is late is one.
    /// </summary>
    private static async Task<List<string>> DifferencesAsync(FanoutSite site, DriverResult result)
    {
        var differences = new List<string>();
        for (var key = 0; key < Shape.Keys; key++)
        {
            using var answer = await site.Server.Client.KeyAsync(FanoutFeed.Name, FanoutFeed.Key(key));
            var version = answer.RootElement.GetProperty("version").GetInt64();
            var count = answer.RootElement.GetProperty("data").GetProperty("n").GetInt64();
            var held = result.Keys[key];
            if (held != new DriverKey(Holders, version, version, count, count))
            {
                differences.Add($"{FanoutFeed.Key(key)}: HTTP says version {version}, {count} records; {held}");
            }
        }

        return differences;
    }
}
