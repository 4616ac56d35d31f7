using System.Globalization;
using System.Text.Json;

namespace AkkaFeeds.Load;

/// <summary>The figures of a run: a table to read, and JSON to keep.</summary>
internal sealed class FanoutReport
{
    // The columns between who and note.
    private const int Figures = 13;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly List<FanoutMeasurement> all = [];

    private readonly List<(string Scenario, string Who, string Why)> missing = [];

    private readonly List<FanoutAim> aims = [];

    /// <summary>Tables of other columns, and what is said below the tables.</summary>
    public List<string> Remarks { get; } = [];

    /// <summary>Whether a run was wrong, not slow.</summary>
    public bool IsWrong
    {
        get => field || all.Exists(each => each.Wrong is not null);
        set;
    }

    /// <summary>Adds one, and says so at once.</summary>
    public void Add(FanoutMeasurement measurement)
    {
        all.Add(measurement);
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{measurement.Scenario}, {measurement.Who}: {measurement.DeliveriesPerSecond:N0} deliveries/s, "
            + $"{measurement.MicrosecondsADelivery:F2} us each, p99 {measurement.Result.Latency.P99:F1} ms "
            + $"{measurement.Void} {measurement.Wrong} {measurement.Behind}"));
    }

    /// <summary>Adds one that could not be measured: a row without figures.</summary>
    public void AddMissing(string scenario, string who, string why)
    {
        missing.Add((scenario, who, $"not measured: {why.ReplaceLineEndings(" ")}"));
        Console.Error.WriteLine($"{scenario}, {who}: {missing[^1].Why}");
    }

    /// <summary>Holds a figure against its limit.</summary>
    public void Aim(FormattableString what, FormattableString measured, bool isMet, string? isVoid, string scenario) =>
        aims.Add(new(scenario, Text(what), Text(measured), isMet, isVoid));

    /// <summary>The tables and the remarks.</summary>
    public string Text()
    {
        var table = new MarkdownTable(
            "scenario", "who", "frames/s", "updates/s", "us CPU a frame", "x floor", "us CPU an update", "cores",
            "p50 ms", "p99 ms", "bytes a frame", "frames a read", "RSS MiB", "driver cores", "others' cores", "note");
        foreach (var each in all)
        {
            table.Add(
                each.Scenario, each.Who, Text(each.DeliveriesPerSecond, "N0"), Text(each.UpdatesPerSecond, "N0"),
                Text(each.MicrosecondsADelivery, "F2"),
                Floor(each) is { } floor ? Text(each.MicrosecondsADelivery / floor, "F2") : "",
                Text(each.MicrosecondsAnUpdate, "F2"), Text(each.Cores, "F2"),
                Text(each.Result.Latency.P50, "F1"), Text(each.Result.Latency.P99, "F1"),
                Text(each.BytesADelivery, "F0"),
                Text((double)each.Result.Deliveries / Math.Max(1, each.Result.Reads), "F1"),
                Text(each.ResidentBytes.DefaultIfEmpty().Max() / 1048576.0, "F0"), Text(each.DriverCores, "F2"),
                Text(each.OthersCores, "F2"), each.Wrong ?? each.Void ?? each.Behind ?? "");
        }

        foreach (var (scenario, who, why) in missing)
        {
            table.Add([scenario, who, .. Enumerable.Repeat("", Figures), why]);
        }

        string[] measured = all.Count == 0 ? [] : [$"{table}", ""];
        string[] verdicts = aims.Count == 0 ? [] : [$"{Aims()}", ""];
        return string.Join('\n', [.. measured, .. verdicts, .. Remarks]);
    }

    /// <summary>Writes everything, the distributions too, as one document.</summary>
    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(
        new
        {
            command = Machine.CommandLine(),
            machine = Machine.Describe(),
            measurements = all,
            missing = missing.Select(each => new { each.Scenario, each.Who, each.Why }),
            aims,
            remarks = Remarks,
        },
        Json));

    private MarkdownTable Aims()
    {
        var table = new MarkdownTable("scenario", "aim", "measured", "verdict");
        foreach (var aim in aims)
        {
            table.Add(aim.Scenario, aim.What, aim.Measured, aim.Verdict);
        }

        return table;
    }

    private double? Floor(FanoutMeasurement of) => all
        .Where(each => each.Who == "floor" && each.Scenario == of.Scenario && each.Void is null)
        .Select(each => (double?)each.MicrosecondsADelivery).LastOrDefault();

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
