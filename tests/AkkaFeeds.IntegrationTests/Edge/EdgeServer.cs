using System.Text;
using AkkaFeeds.Harness;
using AkkaFeeds.Kafka;
using Confluent.Kafka;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>
/// The real binary over a Kafka inside the test's process, with a few keys that records have made: all that tests of
/// the edge need.
/// </summary>
internal sealed class EdgeServer : IAsyncDisposable
{
    /// <summary>How many keys records have made.</summary>
    public const int MadeKeys = 40;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly EmbeddedBroker broker;
    private readonly ServerSite site;
    private readonly IProducer<byte[]?, byte[]> producer;
    private readonly string topic;
    private readonly Random random = new(2);

    // Keys that no record can make: nothing, with NUL, too long.
    private static readonly string[] ImpossibleRecords =
    [
        "{\"k\":\"\"}", "{\"k\":\"a\\u0000b\"}", $"{{\"k\":\"{new string('k', 10_240)}\"}}",
    ];

    private EdgeServer(EmbeddedBroker broker, ServerSite site, ServerProcess server, string topic)
    {
        this.broker = broker;
        this.site = site;
        this.topic = topic;
        producer = FlightProducer.Create(broker.BootstrapServers);
        Server = server;
    }

    public ServerProcess Server { get; }

    public Uri Http => site.Http;

    /// <summary>Starts it and waits until it has read all records.</summary>
    /// <param name="settings">Lines of the file that say what differs from the defaults.</param>
    /// <param name="http">Lines of its section <c>http</c>, indented by two.</param>
    /// <param name="keys">More keys that records make.</param>
    /// <param name="partitions">The partitions of the topic.</param>
    /// <param name="isSpread">Whether each of those keys has a record on every partition, and not on its own
    /// alone.</param>
    public static async Task<EdgeServer> StartAsync(
        string settings = "", string http = "", IReadOnlyList<string>? keys = null, int partitions = 4,
        bool isSpread = false)
    {
        var topic = $"edge-{Guid.NewGuid():N}";
        var broker = EmbeddedBroker.Start(topic, partitions);
        var site = new ServerSite(broker.BootstrapServers, $"group-{Guid.NewGuid():N}", SmallFeed.Yaml(topic));
        site.Edit("checkpoint:", settings + "checkpoint:");
        site.Edit("http:\n", "http:\n" + http);
        using (var producer = FlightProducer.Create(broker.BootstrapServers))
        {
            var random = new Random(1);
            foreach (var key in Enumerable.Range(0, MadeKeys).Select(SmallFeed.KeyOf).Concat(keys ?? []))
            {
                // Half a surrogate in a record is U+FFFD (docs/language.md).
                var record = Encoding.UTF8.GetString(SmallFeed.Record(random, key))
                    .Replace("\\uFFFD", "\\udc00", StringComparison.Ordinal);
                FlightProducer.Send(
                    producer, topic, Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(record));
            }

            for (var partition = 0; isSpread && partition < partitions; partition++)
            {
                foreach (var key in keys ?? [])
                {
                    producer.Produce(
                        new TopicPartition(topic, partition),
                        new Message<byte[]?, byte[]> { Value = SmallFeed.Record(random, key) });
                }
            }

            FlightProducer.Flush(producer);
        }

        var made = MadeKeys + (keys?.Count ?? 0);
        var server = await ServerProcess.StartReadyAsync(site);
        var edge = new EdgeServer(broker, site, server, topic);
        await server.MetricsAsync(
            metrics => metrics.Sum(
                "akkafeeds_state_keys", ("feed", SmallFeed.Name), ("state", "live")) == made
                && metrics.Sum(
                    "akkafeeds_state_keys", ("feed", SmallFeed.Raw), ("state", "live")) == made
                && metrics.Sum("akkafeeds_lag_records") == 0,
            "all records read", Patience);
        return edge;
    }

    /// <summary>Records of keys that cannot be, in both feeds; completes when they have been put aside.</summary>
    public async Task PoisonAsync()
    {
        foreach (var record in ImpossibleRecords)
        {
            FlightProducer.Send(producer, topic, "\0"u8.ToArray(), Encoding.UTF8.GetBytes(record));
        }

        FlightProducer.Flush(producer);
        await Server.MetricsAsync(
            metrics => metrics.Sum("akkafeeds_quarantined_total", ("reason", "bad-key"))
                == 2 * ImpossibleRecords.Length,
            "impossible keys put aside", Patience);
    }

    public Task<RawSocket> ConnectAsync() => RawSocket.ConnectAsync(Http);

    /// <summary>Changes a key.</summary>
    public void Produce(string key) => Produce(key, SmallFeed.Record(random, key));

    /// <summary>Sends a record of a key.</summary>
    public void Produce(string key, byte[] record)
    {
        FlightProducer.Send(producer, topic, Encoding.UTF8.GetBytes(key), record);
        FlightProducer.Flush(producer);
    }

    /// <summary>Ends streams, and waits until nobody is connected.</summary>
    public async Task NothingIsLeftAsync(IEnumerable<IDisposable> streams)
    {
        foreach (var stream in streams)
        {
            stream.Dispose();
        }

        await NothingIsLeftAsync();
    }

    /// <summary>Waits until nobody is connected and nothing is watched: by clients, and at the slots.</summary>
    public async Task NothingIsLeftAsync() => await Server.MetricsAsync(
        metrics => metrics.Sum("akkafeeds_clients") == 0 && metrics.Sum("akkafeeds_subscriptions") == 0
            && metrics.Sum("akkafeeds_watched_keys") == 0 && metrics.Sum("akkafeeds_slow_clients") == 0,
        "no client and no subscription", Patience);

    /// <summary>No request, frame or actor has failed inside the server.</summary>
    public void NothingHasFailed()
    {
        Assert.False(Server.Process.HasExited, Server.Process.Tail);
        Assert.DoesNotMatch(@"(?m)^\s+at [A-Z]|\[(ERR|FTL)\]|\bERROR\b", Server.Process.Tail);
    }

    public async ValueTask DisposeAsync()
    {
        producer.Dispose();
        await Server.DisposeAsync();
        site.Dispose();
        broker.Dispose();
    }
}
