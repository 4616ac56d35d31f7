using System.Globalization;
using System.Text.Json;

namespace AkkaFeeds.Load;

/// <summary>The figures of a run: a table to read, and JSON to keep.</summary>
internal sealed class FanoutReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly List<FanoutMeasurement> all = [];

    /// <summary>What is said below the table: verdicts of a scenario.</summary>
    public List<string> Remarks { get; } = [];

    /// <summary>Whether a run was wrong, not slow.</summary>
    public bool IsWrong => all.Exists(each => each.Wrong is not null);

    /// <summary>Adds one, and says so at once.</summary>
    public void Add(FanoutMeasurement measurement)
    {
        all.Add(measurement);
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{measurement.Scenario}, {measurement.Who}: {measurement.DeliveriesPerSecond:N0} deliveries/s, "
            + $"{measurement.MicrosecondsADelivery:F2} us each, p99 {measurement.Result.Latency.P99:F1} ms "
            + $"{measurement.Void} {measurement.Wrong}"));
    }

    /// <summary>The table and the remarks.</summary>
    public string Text()
    {
        var table = new MarkdownTable(
            "scenario", "who", "deliveries/s", "us CPU each", "x floor", "cores", "p50 ms", "p99 ms", "bytes each",
            "frames a read", "RSS MiB", "driver cores", "others' cores", "note");
        foreach (var each in all)
        {
            table.Add(
                each.Scenario, each.Who, Text(each.DeliveriesPerSecond, "N0"), Text(each.MicrosecondsADelivery, "F2"),
                Floor(each) is { } floor ? Text(each.MicrosecondsADelivery / floor, "F2") : "",
                Text(each.Cores, "F2"), Text(each.Result.Latency.P50, "F1"), Text(each.Result.Latency.P99, "F1"),
                Text(each.BytesADelivery, "F0"),
                Text((double)each.Result.Deliveries / Math.Max(1, each.Result.Reads), "F1"),
                Text(each.ResidentBytes.DefaultIfEmpty().Max() / 1048576.0, "F0"), Text(each.DriverCores, "F2"),
                Text(each.OthersCores, "F2"), each.Wrong ?? each.Void ?? "");
        }

        return string.Join('\n', [.. all.Count == 0 ? (string[])[] : [$"{table}", ""], .. Remarks]);
    }

    /// <summary>Writes everything, the distributions too, as one document.</summary>
    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(
        new { command = Machine.CommandLine(), machine = Machine.Describe(), measurements = all, remarks = Remarks },
        Json));

    private double? Floor(FanoutMeasurement of) => all
        .Where(each => each.Who == "floor" && each.Scenario == of.Scenario && each.Void is null)
        .Select(each => (double?)each.MicrosecondsADelivery).LastOrDefault();

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
