using AkkaFeeds.IntegrationTests.Fixtures;
using Xunit;

namespace AkkaFeeds.IntegrationTests.Kafka;

/// <summary>
/// One real broker for the tests of AkkaFeeds.Kafka, which run one after the other with topics of their own.
/// </summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    public RealBroker? Broker { get; private set; }

    public async Task InitializeAsync() => Broker = await RealBroker.StartAsync();

    public async Task DisposeAsync()
    {
        if (Broker is not null)
        {
            await Broker.DisposeAsync();
        }
    }
}

[CollectionDefinition(Name)]
public sealed class BrokerTests : ICollectionFixture<BrokerFixture>
{
    public const string Name = "AkkaFeeds.Kafka on a real broker";
}
