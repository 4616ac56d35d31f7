using System.Globalization;
using AkkaFeeds.Harness;
using AkkaFeeds.IntegrationTests.Fixtures;
using Confluent.Kafka;

namespace AkkaFeeds.Load;

/// <summary>
/// <c>nodes</c>: what a record costs on one node and on two, with one, two and four lanes. On one machine a second
/// node adds no cores, so that what it costs more is the way between the nodes. With the partitioner of Java's clients
/// a slot has its rows from one partition and comes to live beside it; with librdkafka's it has them from all of them,
/// and half of them travel.
/// </summary>
internal static class NodesProgram
{
    private const int NodesMax = 2;
    private static readonly int[] Lanes = [1, 2, 4];
    private static readonly Partitioner[] Partitioners = [Partitioner.Murmur2Random, Partitioner.ConsistentRandom];

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
            "lanes", "partitioner", "nodes", "rows that travel", "records/s", "us of CPU a record, all nodes",
            "of one node", "others' cores", "note");
        var isRight = true;
        foreach (var (lanes, partitioner) in
            from _ in Enumerable.Range(0, repeats)
            from lanes in Lanes
            from partitioner in Partitioners
            select (lanes, partitioner))
        {
            var alone = 0.0;
            for (var nodes = 1; nodes <= NodesMax; nodes++)
            {
                var result = await NodesRun.RunAsync(broker, postgres, nodes, lanes, keys, records, partitioner);
                var cost = 1e6 * result.CpuSeconds / result.Records;
                alone = nodes == 1 ? cost : alone;
                await Console.Error.WriteLineAsync($"{lanes} lanes, {partitioner}, {nodes} nodes: {result}");
                isRight &= result.Wrong is null;
                table.Add(
                    Text(lanes), partitioner == Partitioner.Murmur2Random ? "Java's" : "librdkafka's", Text(nodes),
                    Text(result.Travelled, "P0"), Text(result.Rate, "N0"), Text(cost, "F1"),
                    Text(cost / alone, "F2"), Text(result.OthersCores, "F2"),
                    result.Wrong ?? (result.IsVoid ? "VOID" : ""));
            }
        }

        Console.WriteLine(table);
        return isRight ? 0 : 1;
    }

    private static string Text(double number, string format = "0") =>
        number.ToString(format, CultureInfo.InvariantCulture);
}
