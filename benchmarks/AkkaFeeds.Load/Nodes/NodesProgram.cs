using System.Globalization;
using AkkaFeeds.Harness;
using AkkaFeeds.IntegrationTests.Fixtures;

namespace AkkaFeeds.Load;

/// <summary>
/// <c>nodes</c>: what a record costs on one node and on two, with one, two and four lanes. On one machine a second
/// node adds no cores, so that what it costs more is the way between the nodes: half of the slots are on the other
/// one.
/// </summary>
internal static class NodesProgram
{
    private const int NodesMax = 2;
    private static readonly int[] Lanes = [1, 2, 4];

    public static async Task<int> RunAsync(string[] options)
    {
        var arguments = Arguments.Parse(options, "records", "keys", "repeats");
        var records = arguments.Number("records", 400_000);
        var keys = arguments.Number("keys", 1_000);
        var repeats = arguments.Number("repeats", 1);
        Prerequisites.Check(needsFlights: false);
        await using var broker = await Prerequisites.BrokerAsync();
        await using var postgres = await Prerequisites.PostgresAsync();
        Console.WriteLine($"    {Machine.CommandLine()}\n    {Machine.Describe()}\n");
        var table = new MarkdownTable(
            "lanes", "nodes", "records/s", "us of CPU a record, all nodes", "of one node", "others' cores", "note");
        var isRight = true;
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            foreach (var lanes in Lanes)
            {
                var alone = 0.0;
                for (var nodes = 1; nodes <= NodesMax; nodes++)
                {
                    var result = await NodesRun.RunAsync(broker, postgres, nodes, lanes, keys, records);
                    var cost = 1e6 * result.CpuSeconds / result.Records;
                    alone = nodes == 1 ? cost : alone;
                    await Console.Error.WriteLineAsync($"{lanes} lanes, {nodes} nodes: {result}");
                    isRight &= result.Wrong is null;
                    table.Add(
                        Text(lanes), Text(nodes), Text(result.Rate, "N0"), Text(cost, "F1"), Text(cost / alone, "F2"),
                        Text(result.OthersCores, "F2"), result.Wrong ?? (result.IsVoid ? "VOID" : ""));
                }
            }
        }

        Console.WriteLine(table);
        return isRight ? 0 : 1;
    }

    private static string Text(double number, string format = "0") =>
        number.ToString(format, CultureInfo.InvariantCulture);
}
