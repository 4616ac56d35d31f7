using System.Globalization;
using System.Text.Json;
using AkkaFeeds.Harness;
using AkkaFeeds.IntegrationTests.Fixtures;

namespace AkkaFeeds.IntegrationTests.Cluster;

/// <summary>Nodes as processes, over one Kafka and one PostgreSQL, with a feed of a few keys.</summary>
internal sealed class ClusterRun : IAsyncDisposable
{
    public const int Partitions = 6;

    // A multiple of the partitions: with Java's partitioner, a slot has its rows from one of them.
    private const int Slots = 12;
    public const int KeyCount = 40;

    private readonly List<ClusterNode> nodes = [];

    private ClusterRun(RealBroker broker, string topic)
    {
        Traffic = new ClusterTraffic(broker.BootstrapServers, topic, [.. Keys]);
    }

    public static IReadOnlyList<string> Keys { get; } =
        [.. Enumerable.Range(0, KeyCount).Select(index => $"K{index:00}")];

    public IReadOnlyList<ClusterNode> Nodes => nodes;

    public ClusterTraffic Traffic { get; }

    /// <summary>Makes the topic and the nodes; starts none.</summary>
    /// <param name="broker">Kafka.</param>
    /// <param name="postgres">PostgreSQL.</param>
    /// <param name="roles">The roles of each node.</param>
    public static async Task<ClusterRun> CreateAsync(
        RealBroker broker, PostgresServer postgres, params string[] roles)
    {
        var id = Guid.NewGuid().ToString("N");
        var store = await postgres.CreateDatabaseAsync($"cluster_{id}");
        await FlightProducer.CreateTopicAsync(broker.BootstrapServers, $"cluster-{id}", Partitions);
        var run = new ClusterRun(broker, $"cluster-{id}");
        var ports = Ports.Free(roles.Length);
        for (var index = 0; index < roles.Length; index++)
        {
            var site = new ServerSite(
                broker.BootstrapServers, $"group-{id}", FlightsFeed.Yaml($"cluster-{id}"));
            site.UsePostgres(store);
            site.Edit("slots: 16", string.Create(CultureInfo.InvariantCulture, $"slots: {Slots}"));
            site.Edit("checkpoint:", $$"""
                cluster:
                  port: {{ports[index]}}
                  seeds: [127.0.0.1:{{ports[0]}}, 127.0.0.1:{{ports[Math.Min(1, roles.Length - 1)]}}]
                  roles: [{{roles[index]}}]
                checkpoint:
                """);
            run.nodes.Add(new ClusterNode($"node {index}", site));
        }

        return run;
    }

    /// <summary>
    /// Starts all nodes at once, on an empty database the first time, and waits until they are ready.
    /// </summary>
    public async Task StartAsync()
    {
        foreach (var node in nodes)
        {
            node.Start();
        }

        foreach (var node in nodes)
        {
            await node.Server.ReadyAsync();
        }
    }

    /// <summary>
    /// Waits until a node shows every key live, with at least what has been produced when this began.
    /// </summary>
    public async Task UntilRightAsync(ClusterNode node, TimeSpan limit)
    {
        var wanted = Traffic.Counts;
        string? difference = null;
        try
        {
            await Waiting.ForAsync(
                async () => (difference = await DifferenceAsync(node, wanted)) is null ? node : null,
                $"all keys live and right on {node.Name}", limit, TimeSpan.FromMilliseconds(50));
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}: {difference}\n{node.Server.Process.Tail}", late);
        }
    }

    /// <summary>Waits until every node that runs is right.</summary>
    public async Task UntilRightAsync(TimeSpan limit)
    {
        foreach (var node in nodes.Where(node => node.IsRunning))
        {
            await UntilRightAsync(node, limit);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Traffic.DisposeAsync();
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }

    private async Task<string?> DifferenceAsync(ClusterNode node, IReadOnlyDictionary<string, long> wanted)
    {
        var query = string.Join('&', Keys.Select(key => $"key={key}"));
        using var answer = await node.Server.Client.GetAsync($"v1/feeds/{FlightsFeed.Name}/snapshots?{query}");
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
        {
            return text;
        }

        using var snapshots = JsonDocument.Parse(text);
        var most = Traffic.Counts;
        foreach (var snapshot in snapshots.RootElement.EnumerateArray())
        {
            var key = snapshot.GetProperty("key").GetString()!;
            var data = snapshot.GetProperty("data");
            var departures = data.ValueKind == JsonValueKind.Object ? data.GetProperty("departures").GetInt64() : 0;
            Assert.True(departures <= most[key], $"{key} on {node.Name}: {departures} of {most[key]}: counted twice");
            if (departures < wanted[key] || snapshot.GetProperty("state").GetString() != "live")
            {
                return $"{snapshot} (wanted {wanted[key]})";
            }
        }

        return null;
    }
}
