using System.Globalization;

namespace AkkaFeeds.Load;

/// <summary>
/// The storm in small, for each change: some clients are reset at once, and each of them is whole again by resuming.
/// Nothing is measured.
/// </summary>
internal static class StormSmoke
{
    private const int Cut = 200;
    private const int Others = 20;

    /// <summary>Runs it on a server whose keys are at rest; whether all is as it should be.</summary>
    public static async Task<bool> RunAsync(string driver, FanoutSite site, int keys)
    {
        var shape = new LoadShape
        {
            Connections = Cut + Others,
            Staying = Others,
            Subscriptions = 5,
            Keys = keys,
            UpdatesPerSecond = 0,
            Marks = true,
            Check = true,
            Warm = TimeSpan.Zero,
            Measured = TimeSpan.FromSeconds(1),
        };
        await using var clients = LoadDriver.Start(driver, site.WebSocket, "akkafeeds", shape);
        var result = await clients.ResultAsync(shape.Measured);
        var storm = result.Storm ?? throw new InvalidOperationException("the driver tells nothing of the storm");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"storm: {storm.Whole} of {storm.Cut} are whole again after {storm.Seconds:F2} s: {storm.Resumed} resumed, "
            + $"{storm.Snapshots} snapshots, {storm.Recoveries} recoveries, {storm.Tries} tries, {result.Violations} "
            + $"violations, {result.Errors} errors, {result.Closed} closed"));
        return result is { Violations: 0, Errors: 0, Closed: 0 }
            && storm is { Whole: Cut, Cut: Cut, Recoveries: 0, Snapshots: 0 }
            && storm.Resumed == Cut * shape.Subscriptions;
    }
}
