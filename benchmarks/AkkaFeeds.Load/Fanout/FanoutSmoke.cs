using System.Diagnostics;
using System.Globalization;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Load;

/// <summary>
/// <c>load --smoke</c>: a short round for each change. Nothing is measured: every record must have reached every
/// connection that watches its key, and no frame may break the protocol.
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
        var expected = site.Source.Sent * Shape.Connections * Shape.Subscriptions / Shape.Keys;
        var waited = Stopwatch.StartNew();
        while (clients.Held != expected && waited.Elapsed < Arriving)
        {
            await Waiting.PauseAsync(TimeSpan.FromMilliseconds(50));
        }

        var result = await clients.StopAsync();
        var isRight = result is { Violations: 0, Errors: 0, Closed: 0, Deliveries: > 0, Marks: > 0 }
            && result.Held == expected;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{site.Source.Sent} records, {Shape.Connections} connections: {result.Deliveries} frames told "
            + $"{result.Updates} updates; held {result.Held} of {expected}; {result.Marks} marks, "
            + $"{result.Violations} violations, {result.Errors} errors, {result.Closed} closed"));
        if (!isRight && await site.Server.Client.MetricsAsync() is { } metrics)
        {
            Console.WriteLine($"{metrics.Interesting}\n{site.Server.Process.Tail}");
        }

        Console.WriteLine($"checks: {(isRight ? 1 : 0)} passed, {(isRight ? 0 : 1)} failed");
        return isRight ? 0 : 1;
    }
}
