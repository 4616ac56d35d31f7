using AkkaFeeds.Harness;
using AkkaFeeds.IntegrationTests.Fixtures;

namespace AkkaFeeds.IntegrationTests.Stores;

/// <summary>One real broker and one real PostgreSQL for the tests of stores.</summary>
public sealed class StoreServers : IAsyncLifetime
{
    /// <summary>Names the collection of tests that share them.</summary>
    public const string Collection = "stores";

    /// <summary>Null where none is configured.</summary>
    public RealBroker? Broker { get; private set; }

    /// <summary>Null where it is not installed.</summary>
    public PostgresServer? Postgres { get; private set; }

    /// <summary>A feed over a topic of its own, in a store of its own.</summary>
    /// <param name="isPostgres">Whether the store is PostgreSQL, else SQLite.</param>
    /// <param name="every">The time between two checkpoints.</param>
    public async Task<StoredFeed> FeedAsync(bool isPostgres, string every = "200ms")
    {
        Skip.If(Broker is null, RealBroker.SkipReason);
        Skip.If(isPostgres && Postgres is null, PostgresServer.SkipReason);
        if (isPostgres && !Postgres!.IsRunning)
        {
            // A test that failed has left it so; the others are to fail for reasons of their own.
            await Postgres.RestartAsync();
        }

        return await StoredFeed.CreateAsync(Broker!, isPostgres ? Postgres : null, every);
    }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        Broker = await RealBroker.StartAsync();
        Postgres = await PostgresServer.StartAsync();
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (Broker is not null)
        {
            await Broker.DisposeAsync();
        }

        if (Postgres is not null)
        {
            await Postgres.DisposeAsync();
        }
    }
}
