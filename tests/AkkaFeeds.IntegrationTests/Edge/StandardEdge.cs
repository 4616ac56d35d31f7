namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>One server with standard settings, for those tests of a class that need no other.</summary>
public class StandardEdge : IAsyncLifetime
{
    /// <summary>What stands under <c>http:</c> beside the addresses.</summary>
    protected virtual string Http => "";

    internal EdgeServer Edge { get; private set; } = null!;

    public async Task InitializeAsync() => Edge = await EdgeServer.StartAsync(http: Http);

    public Task DisposeAsync() => Edge.DisposeAsync().AsTask();
}
