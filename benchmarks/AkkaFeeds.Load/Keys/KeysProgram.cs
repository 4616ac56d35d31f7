using System.Globalization;

namespace AkkaFeeds.Load;

/// <summary><c>keys</c>: how fast many keys are back after a kill -9, and what an idle key weighs.</summary>
internal static class KeysProgram
{
    public const string Feed = "keys";

    private const double ReadyMillisecondsMax = 5_000;
    private const double OverheadBytesMax = 200;

    public static async Task<int> RunAsync(string[] options)
    {
        var arguments = Arguments.Parse(options, "keys", "starts", "env", "store");
        var keys = arguments.Number("keys", 100_000);
        var starts = arguments.Number("starts", 5);
        var environment = arguments.Variables("env");
        var isPostgres = arguments.Text("store", "sqlite") switch
        {
            "sqlite" => false,
            "postgres" => true,
            var other => throw new UsageException($"--store {other}: sqlite or postgres is wanted"),
        };
        Prerequisites.Check(needsFlights: false);
        await using var broker = await Prerequisites.BrokerAsync();
        await using var postgres = isPostgres ? await Prerequisites.PostgresAsync() : null;
        var half = new KeysRun(broker.BootstrapServers, postgres, keys, starts, environment);
        await half.RunAsync();
        var whole = new KeysRun(broker.BootstrapServers, postgres, keys * 2, starts, environment);
        await whole.RunAsync();

        Console.WriteLine($"    {Machine.CommandLine()}\n    {Machine.Describe()}\n");
        var table = new MarkdownTable(
            "keys", "ready ms, own clock (median, worst)", "ready ms, seen from outside",
            "live ms, seen from outside", "heap bytes", "resident bytes", "store bytes", "others' cores");
        Add(table, keys, half);
        Add(table, keys * 2, whole);
        Console.WriteLine(table);
        var perKey = (whole.HeapBytes - half.HeapBytes) / keys;
        var encoded = EncodedKey.Bytes(KeysTopic.Feed("keys"), keys);
        var ready = half.OwnMilliseconds.Max() < ReadyMillisecondsMax;
        var light = perKey - encoded <= OverheadBytesMax;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"\nAn idle key costs {perKey:F0} bytes of heap: {encoded:F0} are its own (name and encoded state), "
            + $"{perKey - encoded:F0} more; at most {OverheadBytesMax:F0} more are wanted: {Word(light)}."));
        Console.WriteLine(
            $"Ready under {ReadyMillisecondsMax:F0} ms at {keys} keys by the process's own clock, "
            + $"the worst of {starts}: {Word(ready)}.");
        if (half.OthersCores > CpuWatch.OthersCoresMax)
        {
            Console.WriteLine("The time to ready is VOID: other processes took more than 0.3 core during the starts.");
            return light ? 0 : 1;
        }

        return ready && light ? 0 : 1;
    }

    private static void Add(MarkdownTable table, int keys, KeysRun run) => table.Add(
        Text(keys), $"{Text(Median(run.OwnMilliseconds))}, {Text(run.OwnMilliseconds.Max())}",
        $"{Text(Median(run.SeenMilliseconds))}, {Text(run.SeenMilliseconds.Max())}",
        $"{Text(Median(run.LiveMilliseconds))}, {Text(run.LiveMilliseconds.Max())}",
        Text(run.HeapBytes), Text(run.ResidentBytes), Text(run.StoreBytes),
        run.OthersCores.ToString("F2", CultureInfo.InvariantCulture));

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Word(bool holds) => holds ? "yes" : "NO";

    private static string Text(double number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
