using System.Globalization;
using AkkaFeeds.Harness;
using AkkaFeeds.IntegrationTests.Fixtures;

namespace AkkaFeeds.Load;

/// <summary>
/// <c>ingest</c>: what each layer costs over a bare Consume loop, on one prepared topic, in one run.
/// </summary>
internal static class IngestProgram
{
    public static readonly string[] Stages = ["a", "b", "c", "d", "streamiz"];

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["a"] = "(a) Consume loop",
        ["b"] = "(b) AkkaFeeds.Kafka source",
        ["c"] = "(c) source + decode + fold",
        ["d"] = "(d) akkafeeds serve, whole",
        ["streamiz"] = "Streamiz.Kafka.Net",
    };

    public static async Task<int> RunAsync(string[] options)
    {
        var arguments = Arguments.Parse(options, "records", "keys", "stages", "repeats", "env", "profile");
        var records = arguments.Number("records", FlightsFile.Count);
        var keys = arguments.Text("keys", "229,100000").Split(',').Select(ParseKeys).ToArray();
        var stages = arguments.Words("stages", Stages);
        var repeats = arguments.Number("repeats", 1);
        var environment = arguments.Variables("env");
        var profiles = arguments.Text("profile", "");
        Prerequisites.Check(needsFlights: true);
        if (records > FlightsFile.Count)
        {
            throw new UsageException($"--records: {records}: there are {FlightsFile.Count} flights");
        }

        await using var broker = await Prerequisites.BrokerAsync(RealBroker.FastMachine);
        var report = new IngestReport(Names);
        foreach (var count in keys)
        {
            Say($"preparing {records} records for {count} keys");
            var topic = await IngestTopic.PrepareAsync(broker.BootstrapServers, count, records);
            for (var repeat = 0; repeat < repeats; repeat++)
            {
                foreach (var stage in Order(stages))
                {
                    var measured = new MeasuredProcess(environment, profiles, $"{stage}-{count}-{repeat}");
                    await MeasureAsync(report, broker.BootstrapServers, topic, stage, measured);
                }
            }
        }

        Console.WriteLine($"    {Machine.CommandLine()}\n    {Machine.Describe()}\n");
        Console.WriteLine(report.Table());
        return report.Failures.Count == 0 ? 0 : 1;
    }

    /// <summary>
    /// The limit is measured before the others and after them, since everything is told as a part of it.
    /// </summary>
    private static IEnumerable<string> Order(string[] stages) =>
        stages is [var only] ? [only] : stages.Contains("a") ? stages.Append("a") : stages;

    private static async Task MeasureAsync(
        IngestReport report, string brokers, IngestTopic topic, string stage, MeasuredProcess measured)
    {
        var watch = new CpuWatch();
        var options = new StageOptions(brokers, topic.Name, topic.Keys, topic.Records);
        var result = stage == "d"
            ? await ServeStage.RunAsync(brokers, topic, measured)
            : await StageProcess.StartAsync(stage, options, measured);
        var others = watch.OthersCores();
        report.Add(topic.Keys, stage, result, others);
        Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{Names[stage]}, {topic.Keys} keys: {result.Rate:N0} records/s; "
            + $"others took {others:F2} cores {result.Wrong}"));
    }

    private static int ParseKeys(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var keys)
            && keys is > 0 and <= 1_000_000
            ? keys
            : throw new UsageException($"--keys: {text}: numbers from 1 to 1000000, by comma, are wanted");

    private static void Say(string line) => Console.Error.WriteLine(line);
}
