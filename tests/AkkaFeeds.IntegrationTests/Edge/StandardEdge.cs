namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>One server with standard settings, for those tests of a class that need no other.</summary>
public sealed class StandardEdge : IAsyncLifetime
{
    internal EdgeServer Edge { get; private set; } = null!;

    public async Task InitializeAsync() => Edge = await EdgeServer.StartAsync();

    public Task DisposeAsync() => Edge.DisposeAsync().AsTask();
}
