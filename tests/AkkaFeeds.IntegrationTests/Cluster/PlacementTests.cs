using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Cluster;

/// <summary>
/// Where the dashboard key is the Kafka key, slots come to live on the node that reads their partition, and follow it.
/// </summary>
[Collection(ClusterFixture.Name)]
public sealed class PlacementTests(ClusterFixture fixture)
{
    private const string All = "ingest, state, edge";
    private const int RowsSeen = 2_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    [SkippableFact]
    public async Task Rows_stop_to_travel_between_nodes_and_stop_again_after_a_node_left_and_came_back()
    {
        await using var run = await fixture.CreateAsync(All, All);
        await run.StartAsync();
        run.Traffic.Start(TimeSpan.FromMilliseconds(20));
        await UntilNothingTravelsAsync(run);
        Assert.All(run.Nodes, node => Assert.True(node.IsRunning));

        await run.Nodes[1].StopAsync();
        await run.UntilRightAsync(Limit);
        await run.Nodes[1].StartReadyAsync();
        await UntilNothingTravelsAsync(run);

        await run.Traffic.StopAsync();
        await run.UntilRightAsync(Limit);
        Assert.Empty(run.Nodes.SelectMany(node => node.Refused));
    }

    // Both nodes take rows, and of some thousand rows in a row none came from the other node.
    private static async Task UntilNothingTravelsAsync(ClusterRun run)
    {
        var before = await RowsAsync(run);
        await Waiting.ForAsync(
            async () =>
            {
                var now = await RowsAsync(run);
                if (now.Elsewhere > before.Elsewhere)
                {
                    before = now;
                    return null;
                }

                var grown = now.Here.Zip(before.Here, (rows, former) => rows - former);
                return grown.All(rows => rows > RowsSeen) ? run : null;
            },
            "slots on the nodes that read their partitions", Limit, Look);
    }

    private static async Task<(IReadOnlyList<double> Here, double Elsewhere)> RowsAsync(ClusterRun run)
    {
        var here = new List<double>();
        var elsewhere = 0.0;
        foreach (var node in run.Nodes)
        {
            var metrics = await node.Server.MetricsAsync(_ => true, "metrics", Limit);
            here.Add(metrics.Sum("akkafeeds_slot_rows_total", ("lane", "here")));
            elsewhere += metrics.Sum("akkafeeds_slot_rows_total", ("lane", "elsewhere"));
        }

        return (here, elsewhere);
    }
}
