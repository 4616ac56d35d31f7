using AkkaFeeds.Harness;

namespace AkkaFeeds.Load;

/// <summary>
/// <c>load</c>: what a delivered update costs, how old it is when it is read, and what a connection weighs, beside
/// peers and the floor in the same run.
/// </summary>
internal static class FanoutProgram
{
    private static readonly string[] Transports = ["ws", "sse", "graphql"];
    private static readonly string[] Scenarios =
        ["many-keys", "one-key", "latency", "idle", "slow", "overload", "storm"];

    public static async Task<int> RunAsync(string[] options)
    {
        if (options.Contains("--smoke"))
        {
            return await FanoutSmoke.RunAsync([.. options.Where(each => each != "--smoke")]);
        }

        var arguments = Arguments.Parse(
            options, "scenario", "flush", "peers", "seconds", "warm", "connections", "subscriptions", "keys", "rate",
            "slow", "others", "transport", "env", "profile", "json");
        var scenarios = arguments.Text("scenario", "").Length == 0
            ? ["many-keys", "one-key", "latency", "idle", "slow"]
            : arguments.Words("scenario", Scenarios);
        var flushes = arguments.Text("flush", "0").Split(',').Select(Flush).ToArray();
        var peers = arguments.Text("peers", "floor,signalr") == "none"
            ? [] : arguments.Text("peers", "").Length == 0
            ? ["floor", "signalr"] : arguments.Words("peers", PeerServer.Names);
        Prerequisites.Check(needsFlights: false);
        using var folder = new TemporaryFolder();
        var driver = await NativeProgram.DriverAsync(folder);
        await using var broker = await Prerequisites.BrokerAsync();
        var report = new FanoutReport();
        var measured = new MeasuredProcess(
            arguments.Variables("env"), arguments.Text("profile", ""), $"load-{scenarios[0]}-{flushes[0]}");
        var bench = new FanoutBench(broker, driver, folder, report, measured);
        foreach (var scenario in scenarios)
        {
            await RunAsync(bench, scenario, arguments, flushes, peers);
        }

        Console.WriteLine($"    {Machine.CommandLine()}\n    {Machine.Describe()}\n");
        Console.WriteLine(report.Text());
        if (arguments.Text("json", "") is { Length: > 0 } path)
        {
            report.Write(path);
        }

        return report.IsWrong ? 1 : 0;
    }

    private static Task RunAsync(
        FanoutBench bench, string scenario, Arguments arguments, int[] flushes, string[] peers) => scenario switch
    {
        "many-keys" => ThroughputScenario.ManyKeysAsync(bench, ManyKeys(arguments, 15, 20), flushes, peers),
        "one-key" => ThroughputScenario.OneKeyAsync(bench, Shape(arguments, 1_000, 1, 1, 50, 15, 20), flushes, peers),
        "latency" => LatencyScenario.RunAsync(
            bench, Shape(arguments, 1, 1, 1, 5, 20, 60) with { Connections = 1 }, flushes),
        "idle" => IdleScenario.RunAsync(
            bench, Shape(arguments, 5_000, 1, 1_000, 0, 5, 20) with { UpdatesPerSecond = 0 }, flushes[0]),
        "slow" => SlowScenario.RunAsync(
            bench, Shape(arguments, 1_000, 1, 1, 50, 20, 20), arguments.Number("slow", 10), flushes[0]),
        "storm" => StormScenario.RunAsync(
            bench, Shape(arguments, 5_000, 4, 1_000, 1_000, 15, 10), arguments.Number("others", 100), flushes[0]),
        _ => OverloadScenario.RunAsync(bench, ManyKeys(arguments, 30, 300), flushes[0]),
    };

    private static LoadShape ManyKeys(Arguments arguments, int warm, int seconds) =>
        Shape(arguments, 5_000, 20, 1_000, 2_000, warm, seconds);

    private static LoadShape Shape(
        Arguments arguments, int connections, int subscriptions, int keys, int rate, int warm, int seconds)
    {
        var shape = new LoadShape
        {
            Connections = arguments.Number("connections", connections),
            Subscriptions = arguments.Number("subscriptions", subscriptions),
            Keys = arguments.Number("keys", keys),
            UpdatesPerSecond = arguments.Number("rate", rate),
            Transport = arguments.Text("transport", "ws") is var transport && Transports.Contains(transport)
                ? transport
                : throw new UsageException($"--transport: {transport}: ws, sse or graphql is wanted"),
            Warm = Seconds(arguments, "warm", warm),
            Measured = Seconds(arguments, "seconds", seconds),
        };
        return shape.Keys % shape.Subscriptions == 0
            ? shape
            : throw new UsageException(
                $"--keys: {shape.Keys}: a multiple of the {shape.Subscriptions} subscriptions is wanted");
    }

    private static TimeSpan Seconds(Arguments arguments, string name, int otherwise) =>
        TimeSpan.FromSeconds(arguments.Number(name, otherwise));

    private static int Flush(string text) =>
        int.TryParse(text, out var milliseconds) && milliseconds is 0 or (>= 10 and <= 1_000)
            ? milliseconds
            : throw new UsageException($"--flush: {text}: milliseconds from 10 to 1000, by comma, are wanted");
}
