using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Cluster;

/// <summary>A node of one role does nothing else, and a cluster that lacks a role says so.</summary>
[Collection(ClusterFixture.Name)]
[Trait("Run", "long")]
public sealed class RolesTests(ClusterFixture fixture)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    [SkippableFact]
    public async Task A_node_of_one_role_runs_nothing_of_the_others_and_a_missing_role_is_said()
    {
        await using var run = await fixture.CreateAsync("ingest", "state", "edge");
        var (ingest, state, edge) = (run.Nodes[0], run.Nodes[1], run.Nodes[2]);
        ingest.Start();
        await UntilAsync(
            async () => (await ingest.AdminAsync("healthz/ready")).Contains(
                "the cluster has no node of role state", StringComparison.Ordinal),
            "the ingest node says what it waits for");
        await state.StartReadyAsync();
        await edge.StartReadyAsync();
        await ingest.Server.ReadyAsync();

        run.Traffic.Produce(rounds: 10);
        await run.UntilRightAsync(edge, Limit);
        await HasAsync(ingest, lanes: ClusterRun.Partitions, keys: 0);
        await HasAsync(state, lanes: 0, keys: ClusterRun.KeyCount);
        await HasAsync(edge, lanes: 0, keys: 0);
        await Assert.ThrowsAsync<HttpRequestException>(() => ingest.Server.Client.GetAsync("v1/feeds"));
        await Assert.ThrowsAsync<HttpRequestException>(() => state.Server.Client.GetAsync("v1/feeds"));

        await state.KillAsync();
        await UntilAsync(
            async () =>
            {
                using var answer = await edge.Server.Client.GetAsync("v1/feeds/flights/keys/K00");
                var text = await answer.Content.ReadAsStringAsync();
                return (int)answer.StatusCode == 503
                    && text.Contains("no node of role state", StringComparison.Ordinal);
            },
            "the edge says why no key can be read");
        await UntilAsync(
            () => Task.FromResult(edge.Server.Process.Tail.Contains(
                "Cluster: the cluster has no node of role state", StringComparison.Ordinal)),
            "the edge logs it");
        await state.StartReadyAsync();
        await run.UntilRightAsync(edge, Limit);
        Assert.Empty(run.Nodes.SelectMany(node => node.Refused));
    }

    private static Task UntilAsync(Func<Task<bool>> condition, string what) => Waiting.ForAsync(
        async () => await condition() ? what : null, what, Limit, TimeSpan.FromMilliseconds(200));

    private static Task<Metrics> HasAsync(ClusterNode node, int lanes, int keys) => node.Server.MetricsAsync(
        metrics => metrics.Count("akkafeeds_lag_records") == lanes
            && metrics.Sum("akkafeeds_state_keys") == keys,
        $"{node.Name} has {lanes} lanes and {keys} keys", Limit);
}
