using AkkaFeeds.Harness;
using AkkaFeeds.IntegrationTests.Fixtures;

namespace AkkaFeeds.IntegrationTests.Cluster;

/// <summary>
/// One Kafka and one PostgreSQL for the tests of the cluster; each has a topic and a database of its own.
/// </summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    /// <summary>The tests that share it, which run one after the other.</summary>
    public const string Name = "A cluster of processes";

    private RealBroker? broker;
    private PostgresServer? postgres;

    /// <summary>Makes a cluster; no node runs yet.</summary>
    internal async Task<ClusterRun> CreateAsync(params string[] roles)
    {
        Skip.If(broker is null, RealBroker.SkipReason);
        Skip.If(postgres is null, PostgresServer.SkipReason);
        return await ClusterRun.CreateAsync(broker!, postgres!, roles);
    }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        broker = await RealBroker.StartAsync();
        postgres = broker is null ? null : await PostgresServer.StartAsync();
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (postgres is not null)
        {
            await postgres.DisposeAsync();
        }

        if (broker is not null)
        {
            await broker.DisposeAsync();
        }
    }
}

/// <summary>Names the tests of the cluster.</summary>
[CollectionDefinition(ClusterFixture.Name)]
public sealed class ClusterProcesses : ICollectionFixture<ClusterFixture>;
