using AkkaFeeds.Harness;
using AkkaFeeds.IntegrationTests.Fixtures;

namespace AkkaFeeds.IntegrationTests.Serve;

/// <summary>A real broker with a topic of a few flights, for the tests of one class.</summary>
public sealed class ServedTopic : IAsyncLifetime
{
    /// <summary>The topic.</summary>
    public string Topic { get; } = $"served-{Guid.NewGuid():N}";

    /// <summary>Null where none is configured.</summary>
    public RealBroker? Broker { get; private set; }

    /// <summary>The origins in the topic.</summary>
    public IReadOnlyList<string> Origins { get; } = ["ATL", "ORD", "SAV"];

    /// <summary>A new folder with a file for this topic.</summary>
    public ServerSite Site()
    {
        Skip.If(Broker is null, RealBroker.SkipReason);
        return new(Broker!.BootstrapServers, $"group-{Guid.NewGuid():N}", FlightsFeed.Yaml(Topic));
    }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        Broker = await RealBroker.StartAsync();
        if (Broker is null)
        {
            return;
        }

        await FlightProducer.CreateTopicAsync(Broker.BootstrapServers, Topic);
        using var producer = FlightProducer.Create(Broker.BootstrapServers);
        Flight[] flights =
        [
            .. Origins.Select((origin, index) =>
                new Flight(index, new(2001, 1, 1, index, 0, 0, DateTimeKind.Utc), index, 100, origin, "MCO")),
        ];
        FlightProducer.Produce(producer, Topic, flights, keyed: true);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (Broker is not null)
        {
            await Broker.DisposeAsync();
        }
    }
}
