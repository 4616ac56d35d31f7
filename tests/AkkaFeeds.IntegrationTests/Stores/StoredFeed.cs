using System.Text;
using System.Text.Json;
using AkkaFeeds.Harness;
using AkkaFeeds.IntegrationTests.Fixtures;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Data.Sqlite;

namespace AkkaFeeds.IntegrationTests.Stores;

/// <summary>
/// A feed of known numbers over a topic and a store of its own: record i goes to key i modulo <see cref="Keys"/>, so
/// that what each key must show is known without any fold.
/// </summary>
public sealed class StoredFeed : IAsyncDisposable
{
    /// <summary>How many keys.</summary>
    public const int Keys = 20;

    /// <summary>The feed's name.</summary>
    public const string Name = "sums";

    private const int Partitions = 2;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly RealBroker broker;
    private readonly PostgresServer? postgres;
    private readonly IProducer<byte[]?, byte[]> producer;
    private readonly string topic = $"stored-{Guid.NewGuid():N}";
    private readonly string database = $"d{Guid.NewGuid():N}";
    private readonly string group = $"group-{Guid.NewGuid():N}";

    private StoredFeed(RealBroker broker, PostgresServer? postgres, string every)
    {
        this.broker = broker;
        this.postgres = postgres;
        producer = FlightProducer.Create(broker.BootstrapServers);
        Site = new ServerSite(broker.BootstrapServers, group, $$"""
              {{Name}}:
                from: { topic: {{topic}}, format: json }
                key: k
                slots: 4
                view:
                  n: count()
                  sum: sum(v)
                  text: last(text)
            """);
        Site.Edit("every: 1s", $"every: {every}");
        if (postgres is not null)
        {
            Site.UsePostgres(postgres.ConnectionString(database));
        }
    }

    /// <summary>The folder, the file, the ports.</summary>
    public ServerSite Site { get; }

    /// <summary>Npgsql's connection string; empty for SQLite.</summary>
    public string Store => postgres?.ConnectionString(database) ?? "";

    /// <summary>How many records stand in the topic.</summary>
    public int Produced { get; private set; }

    private string SqliteFile => Path.Combine(Site.Store, "akkafeeds.db");

    /// <summary>Makes the topic and an empty store.</summary>
    public static async Task<StoredFeed> CreateAsync(RealBroker broker, PostgresServer? postgres, string every)
    {
        var feed = new StoredFeed(broker, postgres, every);
        await FlightProducer.CreateTopicAsync(broker.BootstrapServers, feed.topic, Partitions);
        if (postgres is not null)
        {
            await postgres.CreateDatabaseAsync(feed.database);
        }

        return feed;
    }

    /// <summary>Adds records; each carries a text of a length.</summary>
    public void Produce(int count, int textLength = 0)
    {
        var text = new string('x', textLength);
        for (var index = Produced; index < Produced + count; index++)
        {
            var key = KeyOf(index % Keys);
            FlightProducer.Send(
                producer, topic, Encoding.UTF8.GetBytes(key),
                Encoding.UTF8.GetBytes($$"""{"k":"{{key}}","v":{{index}},"text":"{{text}}"}"""));
        }

        FlightProducer.Flush(producer);
        Produced += count;
    }

    /// <summary>Starts the server over the store and waits until it is ready.</summary>
    public Task<ServerProcess> StartAsync() => ServerProcess.StartReadyAsync(Site);

    /// <summary>A run that is expected to end by itself.</summary>
    internal Task<Serve.ServerRun> RunAsync() => Serve.ServerRun.OfAsync("serve", Site.File);

    /// <summary>Waits until every key is live, and says what its records say.</summary>
    public async Task EqualAsync(ServerProcess server) => await Waiting.ForAsync(
        async () => await DifferenceAsync(server) is null ? this : null,
        $"numbers of {Produced} records", Limit, TimeSpan.FromMilliseconds(50), () => server.Process.Tail);

    /// <summary>Waits until all is durable, too: Kafka's commit follows behind that.</summary>
    public async Task SettledAsync(ServerProcess server)
    {
        await EqualAsync(server);
        await Waiting.ForAsync(
            () => Task.FromResult(
                GroupOffsets.Lag(broker.BootstrapServers, group, topic, Partitions) == 0 ? this : null),
            "all durable", Limit, TimeSpan.FromMilliseconds(100));
    }

    /// <summary>The first key that is not live or not right, or null.</summary>
    public async Task<string?> DifferenceAsync(ServerProcess server)
    {
        for (var key = 0; key < Keys; key++)
        {
            using var snapshot = await server.Client.TryKeyAsync(Name, KeyOf(key));
            if (snapshot is null)
            {
                return $"{KeyOf(key)}: no answer";
            }

            var state = StateOf(snapshot);
            var (n, sum) = Expected(key);
            var data = snapshot.RootElement.GetProperty("data");
            if (state != "live" || data.GetProperty("n").GetInt64() != n || data.GetProperty("sum").GetInt64() != sum)
            {
                return $"{KeyOf(key)}: {state} {data.GetRawText()}, expected {n} and {sum}";
            }
        }

        return null;
    }

    /// <summary>How many records the views count together, whatever their state.</summary>
    public async Task<long> CountedAsync(ServerProcess server)
    {
        var counted = 0L;
        for (var key = 0; key < Keys; key++)
        {
            using var snapshot = await server.Client.TryKeyAsync(Name, KeyOf(key));
            counted += snapshot?.RootElement.GetProperty("data") is { ValueKind: JsonValueKind.Object } data
                ? data.GetProperty("n").GetInt64()
                : 0;
        }

        return counted;
    }

    /// <summary>The partitions that a key's state names as missing.</summary>
    public async Task<IReadOnlyList<string>> MissingPartitionsAsync(ServerProcess server)
    {
        using var snapshot = await server.Client.KeyAsync(Name, KeyOf(0));
        return [.. snapshot.RootElement.GetProperty("missing").EnumerateArray()
            .Select(name => name.GetString()!.Split($"{topic}/")[1])];
    }

    /// <summary>Waits until a key's state has a reason.</summary>
    public static async Task ReasonAsync(ServerProcess server, string state, string reason, TimeSpan limit) =>
        await Waiting.ForAsync(
            async () =>
            {
                using var snapshot = await server.Client.TryKeyAsync(Name, KeyOf(0));
                return snapshot is not null && StateOf(snapshot) == state
                    && snapshot.RootElement.TryGetProperty("reason", out var found) && found.GetString() == reason
                    ? server : null;
            },
            $"{state} {reason}", limit, TimeSpan.FromMilliseconds(20), () => server.Process.Tail);

    /// <summary>
    /// Waits until nobody is told that a key is live: it is stale for a reason, or its slot is being recovered and
    /// does not answer.
    /// </summary>
    public static async Task NotLiveAsync(ServerProcess server, string reason, TimeSpan limit) =>
        await Waiting.ForAsync(
            async () =>
            {
                using var snapshot = await server.Client.TryKeyAsync(Name, KeyOf(0));
                return snapshot is null || (StateOf(snapshot) == "stale"
                    && snapshot.RootElement.GetProperty("reason").GetString() == reason)
                    ? server : null;
            },
            $"not live, {reason}", limit, TimeSpan.FromMilliseconds(20), () => server.Process.Tail);

    /// <summary>Holds up whoever writes into the journal; PostgreSQL only.</summary>
    public async Task<JournalLock> LockJournalAsync() =>
        await JournalLock.TakeAsync(await postgres!.OpenAsync(database), "EXCLUSIVE");

    /// <summary>Executes statements in the store.</summary>
    public async Task ExecuteAsync(string sql)
    {
        if (postgres is not null)
        {
            await postgres.ExecuteAsync(database, sql);
            return;
        }

        await using var connection = await OpenFileAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Tests write this SQL themselves.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The number that a query gives.</summary>
    public async Task<long> NumberAsync(string sql)
    {
        if (postgres is not null)
        {
            return await postgres.ScalarAsync<long>(database, sql);
        }

        await using var connection = await OpenFileAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // As above.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync() is long number ? number : 0;
    }

    /// <summary>Keeps a copy of the store, as it is; a running server loses its connections for a moment.</summary>
    public async Task CopyAsync()
    {
        if (postgres is null)
        {
            Site.CopyStore();
            return;
        }

        await postgres.CreateDatabaseAsync($"{database}copy", database);
    }

    /// <summary>Puts the copy in the place of the store; a running server may use it meanwhile.</summary>
    public async Task RestoreAsync()
    {
        if (postgres is null)
        {
            Site.RestoreStore();
            return;
        }

        await postgres.DropDatabaseAsync(database);
        await postgres.CreateDatabaseAsync(database, $"{database}copy");
    }

    /// <summary>Puts an empty store in the place of the store.</summary>
    public async Task EmptyAsync()
    {
        if (postgres is null)
        {
            Site.DeleteStore();
            return;
        }

        await postgres.DropDatabaseAsync(database);
        await postgres.CreateDatabaseAsync(database);
    }

    /// <summary>Deletes from the log what is there now.</summary>
    public async Task TruncateAsync()
    {
        using var admin = Admin();
        await admin.DeleteRecordsAsync(
            Enumerable.Range(0, Partitions).Select(index => new TopicPartitionOffset(topic, index, Offset.End)));
    }

    /// <summary>Deletes the topic and makes it again, empty.</summary>
    public async Task RecreateAsync()
    {
        using (var admin = Admin())
        {
            await admin.DeleteTopicsAsync([topic]);
        }

        // A broker deletes behind its answer: the same name is refused until it has.
        await Waiting.ForAsync(
            async () =>
            {
                try
                {
                    await FlightProducer.CreateTopicAsync(broker.BootstrapServers, topic, Partitions);
                    return this;
                }
                catch (CreateTopicsException)
                {
                    return null;
                }
            },
            "the topic made again", Limit, TimeSpan.FromMilliseconds(100));
        Produced = 0;
    }

    /// <summary>Gives the topic more partitions.</summary>
    public async Task AddPartitionsAsync(int total)
    {
        using var admin = Admin();
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = total }]);
        await Waiting.ForAsync(
            () => Task.FromResult(admin.GetMetadata(topic, Limit).Topics[0].Partitions.Count == total ? this : null),
            "the partitions", Limit, TimeSpan.FromMilliseconds(50));
    }

    /// <summary>Makes the topic a compacted one.</summary>
    public async Task CompactAsync()
    {
        using var admin = Admin();
        await admin.IncrementalAlterConfigsAsync(new Dictionary<ConfigResource, List<ConfigEntry>>
        {
            [new ConfigResource { Type = ResourceType.Topic, Name = topic }] =
            [
                new ConfigEntry
                {
                    Name = "cleanup.policy", Value = "compact", IncrementalOperation = AlterConfigOpType.Set,
                },
            ],
        });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        producer.Dispose();
        Site.Dispose();
        if (postgres is { IsRunning: true })
        {
            await postgres.DropDatabaseAsync(database);
            await postgres.DropDatabaseAsync($"{database}copy");
        }
    }

    private IAdminClient Admin() =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build();

    private static string KeyOf(int key) => $"K{key:00}";

    private static string? StateOf(JsonDocument snapshot) => snapshot.RootElement.GetProperty("state").GetString();

    private (long N, long Sum) Expected(int key)
    {
        var n = (Produced - key + Keys - 1) / Keys;
        return (n, ((long)n * key) + ((long)Keys * n * (n - 1) / 2));
    }

    private async Task<SqliteConnection> OpenFileAsync()
    {
        var connection = new SqliteConnection($"Data Source={SqliteFile};Mode=ReadWrite;Pooling=False");
        await connection.OpenAsync();
        return connection;
    }
}
