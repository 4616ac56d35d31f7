using System.Text;
using System.Text.Json;
using AkkaFeeds.Harness;
using AkkaFeeds.Kafka;
using Confluent.Kafka;

namespace AkkaFeeds.IntegrationTests.Conformance;

/// <summary>One server for all scenarios of a class, and the producer that its records come from.</summary>
public sealed class ConformanceServer : IAsyncLifetime, IDisposable
{
    internal const string Feed = "small-ones";
    internal const string Tenants = "tenants";
    internal const int Made = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string topic = $"conformance-{Guid.NewGuid():N}";
    private readonly EmbeddedBroker broker;
    private IProducer<byte[]?, byte[]> producer;
    private readonly ServerSite site;
    private readonly HttpClient client = new();

    public ConformanceServer()
    {
        broker = EmbeddedBroker.Start([new(topic, 4), new($"{topic}-tenants", 2)]);
        producer = FlightProducer.Create(broker.BootstrapServers);
        site = new ServerSite(broker.BootstrapServers, topic, $$"""
              {{Feed}}:
                from: { topic: {{topic}}, format: json }
                key: k
                slots: 8
                view:
                  n: count()
                  total: sum(v)
                  mean: avg(v)
                  tags: top(tag, 3)
                  last: last({v, tag})
                  note: last(note)
              {{Tenants}}:
                from: { topic: {{topic}}-tenants, format: json }
                key: k
                tenant: $headers["tenant"]
                slots: 4
                view:
                  n: count()
                  last: last(v)
            """);
    }

    internal ServerProcess Server { get; private set; } = null!;

    internal Uri Http => site.Http;

    /// <summary>The fields of a feed's view, as GraphQL selects them.</summary>
    internal static string FieldsOf(string feed) => feed == Feed ? "n total mean tags last note" : "n last";

    internal static string KeyOf(int index) => $"K{index:000}";

    public async Task InitializeAsync()
    {
        for (var index = 0; index < Made * 5; index++)
        {
            Produce(KeyOf(index % Made), index);
        }

        Flush();
        Server = await ServerProcess.StartReadyAsync(site);
        await Server.MetricsAsync(
            metrics => metrics.Sum("akkafeeds_lag_records") == 0
                && metrics.Sum("akkafeeds_state_keys", ("feed", Feed), ("state", "live")) == Made,
            "all records read", Patience);
    }

    public async Task DisposeAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
    }

    public void Dispose()
    {
        client.Dispose();
        producer.Dispose();
        site.Dispose();
        broker.Dispose();
    }

    /// <summary>Ends the process as a failing machine does, and starts another on the same store.</summary>
    internal async Task KillAndStartAsync(Action between)
    {
        await Server.KillAsync();
        await Server.DisposeAsync();
        between();
        Server = await ServerProcess.StartReadyAsync(site);
    }

    internal void Produce(string key, long value) => FlightProducer.Send(
        producer, topic, Encoding.UTF8.GetBytes(key),
        JsonSerializer.SerializeToUtf8Bytes(
            new { k = key, v = value, tag = $"t{value % 7}", note = $"note {value}" }));

    /// <summary>A record whose value the fold cannot take.</summary>
    internal void Poison(string key) => FlightProducer.Send(
        producer, topic, Encoding.UTF8.GetBytes(key),
        JsonSerializer.SerializeToUtf8Bytes(new { k = key, v = "no number" }));

    /// <summary>A record of a tenant.</summary>
    internal void Produce(string tenant, string key, long value) => producer.Produce(
        $"{topic}-tenants", new Message<byte[]?, byte[]>
        {
            Key = Encoding.UTF8.GetBytes(key),
            Value = JsonSerializer.SerializeToUtf8Bytes(new { k = key, v = value }),
            Headers = new Headers { { "tenant", Encoding.UTF8.GetBytes(tenant) } },
        });

    /// <summary>Kafka is gone: its connections are closed and new ones refused.</summary>
    internal void StopSource() => broker.SetBrokerDown();

    /// <summary>
    /// Kafka is back; with a producer of its own, because the one from before takes a minute to notice.
    /// </summary>
    internal void StartSource()
    {
        broker.SetBrokerUp();
        producer.Dispose();
        producer = FlightProducer.Create(broker.BootstrapServers);
    }

    internal void Flush() => FlightProducer.Flush(producer);

    /// <summary>What plain HTTP says of a key now.</summary>
    internal async Task<Shown> RestAsync(string key, string feed = Feed)
    {
        using var snapshot = JsonDocument.Parse(await client.GetByteArrayAsync(
            new Uri(Http, $"v1/feeds/{feed}/key?key={Uri.EscapeDataString(key)}")));
        return PollViewer.Of(snapshot.RootElement);
    }

    /// <summary>What plain HTTP says of a key once so many records have been folded.</summary>
    internal Task<Shown> RestAsync(string key, long count, string feed = Feed) =>
        RestAsync(key, shown => CountOf(shown) == count, feed);

    /// <summary>What plain HTTP says of a key once it satisfies a condition.</summary>
    internal Task<Shown> RestAsync(string key, Predicate<Shown> condition, string feed = Feed) => Waiting.ForAsync(
        async () => await RestAsync(key, feed) is var shown && condition(shown) ? shown : null,
        $"{key} over HTTP", Patience, TimeSpan.FromMilliseconds(20), () => Server.Process.Tail);

    internal async Task<ShownRows> RestRowsAsync(string query)
    {
        using var page = JsonDocument.Parse(
            await client.GetByteArrayAsync(new Uri(Http, $"v1/feeds/{Feed}/rows?{query}")));
        return PollViewer.RowsOf(page.RootElement);
    }

    /// <summary>How many records a view counts.</summary>
    internal static long CountOf(Shown shown)
    {
        using var view = JsonDocument.Parse(shown.Data);
        return view.RootElement.ValueKind == JsonValueKind.Null ? 0 : view.RootElement.GetProperty("n").GetInt64();
    }
}
