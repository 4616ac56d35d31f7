using AkkaFeeds.Harness;
using AkkaFeeds.IntegrationTests.Fixtures;

namespace AkkaFeeds.Load;

/// <summary>One life of <c>akkafeeds serve</c> over a topic of its own, with every key made and applied.</summary>
internal sealed class FanoutSite : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly ServerSite site;

    private FanoutSite(ServerSite site, ServerProcess server, RecordSource source, string topic)
    {
        this.site = site;
        Server = server;
        Source = source;
        Topic = topic;
    }

    /// <summary>The server.</summary>
    public ServerProcess Server { get; }

    /// <summary>Changes the keys.</summary>
    public RecordSource Source { get; }

    /// <summary>Where the records go.</summary>
    public string Topic { get; }

    /// <summary>Where clients connect to.</summary>
    public Uri WebSocket => AddressOf("ws");

    /// <summary>Where clients of a transport connect to.</summary>
    /// <param name="transport"><c>ws</c>, <c>sse</c> or <c>graphql</c>.</param>
    public Uri AddressOf(string transport) => new(site.Http, transport switch
    {
        "sse" => "/v1/events",
        "graphql" => "/graphql",
        _ => "/v1/ws",
    });

    /// <summary>Starts all of it.</summary>
    /// <param name="broker">Kafka.</param>
    /// <param name="keys">How many keys.</param>
    /// <param name="settings">For the server's environment: AKKAFEEDS__FLUSH and others.</param>
    /// <param name="lingerMilliseconds">Of the producer.</param>
    public static async Task<FanoutSite> StartAsync(
        RealBroker broker, int keys, IEnumerable<KeyValuePair<string, string>> settings,
        double lingerMilliseconds = RecordSource.LingerStandard)
    {
        var topic = $"load-{Guid.NewGuid():N}";
        await FlightProducer.CreateTopicAsync(broker.BootstrapServers, topic);
        var source = new RecordSource(broker.BootstrapServers, topic, keys, seed: 7, lingerMilliseconds);
        source.MakeKeys();
        var site = new ServerSite(broker.BootstrapServers, topic, FanoutFeed.Yaml(topic));
        var server = await ServerProcess.StartReadyAsync(site, settings);
        await server.MetricsAsync(
            metrics => metrics.Sum("akkafeeds_state_keys", ("feed", FanoutFeed.Name), ("state", "live")) >= keys
                && metrics.Sum("akkafeeds_lag_records", ("feed", FanoutFeed.Name)) == 0,
            "every key live", Limit);
        return new(site, server, source, topic);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Source.Dispose();
        site.Dispose();
    }
}
