using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>
/// What npm's own tools say of the real edge: graphql-ws unmodified, redocly on openapi.json, AsyncAPI's parser.
/// </summary>
public sealed class NodeToolsTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [SkippableFact]
    public async Task They_find_nothing_wrong()
    {
        var folder = Path.Combine(ServerBinary.Root, "tests", "node");
        Skip.IfNot(
            Directory.Exists(Path.Combine(folder, "node_modules")),
            "npm ci --ignore-scripts --prefix tests/node");
        await using var edge = await EdgeServer.StartAsync();
        await using var node = ChildProcess.Start(
            "node", [Path.Combine(folder, "main.js"), edge.Http.AbsoluteUri, SmallFeed.KeyOf(1)]);
        var code = await node.ExitAsync(TimeSpan.FromSeconds(120));
        output.WriteLine(node.Tail);
        Assert.True(code == 0, node.Tail);
        await edge.NothingIsLeftAsync();
        edge.NothingHasFailed();
    }
}
