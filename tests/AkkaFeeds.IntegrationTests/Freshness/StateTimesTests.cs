using System.Diagnostics;
using System.Text;
using System.Text.Json;
using AkkaFeeds.Harness;
using AkkaFeeds.IntegrationTests.Conformance;
using AkkaFeeds.IntegrationTests.Fixtures;
using Confluent.Kafka;
using Microsoft.Data.Sqlite;
using Xunit.Abstractions;

namespace AkkaFeeds.IntegrationTests.Freshness;

/// <summary>
/// How soon a client of a WebSocket is told that its key is no longer live, and that it is again: within two seconds
/// of the cause, and of its end. Where the cause is none that begins with a deed of this test, its method says what
/// counts as the cause and as the end.
/// </summary>
public sealed class StateTimesTests(ITestOutputHelper output) : IAsyncLifetime, IDisposable
{
    private const string Feed = "counts";
    private const string Key = "A";
    private const int TriesMax = 3;
    private const int OtherKeys = 2_000;
    private const int OtherRecords = 20_000;
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Slo = TimeSpan.FromSeconds(3);

    // A lane knows that it has read everything up to half a second ago, or a second where the machine is busy. Who is
    // told of a cause before that, is told of one that is not there.
    private static readonly TimeSpan TooEarly = TimeSpan.FromSeconds(-1.5);

    // The key of each partition.
    private static readonly string[] Keys = [Key, "B"];

    private readonly string topic = $"states-{Guid.NewGuid():N}";
    private RealBroker? broker;
    private ServerSite? site;
    private ServerProcess? server;
    private int counted;

    [SkippableFact]
    public async Task A_client_is_told_within_two_seconds_of_each_cause_and_of_its_end()
    {
        Skip.If(broker is not { IsOurs: true }, RealBroker.SkipReason);
        server = await ServerProcess.StartReadyAsync(site!);
        await using var viewer = new WebSocketViewer(site!.Http, new Watched(Feed, Keys));
        viewer.Start();
        await CauseAsync(viewer, "Kafka frozen", "source-unreachable", broker!.SuspendAsync, broker.ResumeAsync);
        await CauseAsync(viewer, "Kafka killed", "source-unreachable", broker.KillAsync, broker.RestartAsync);
        await TransactionAsync(viewer);
        await StoreAsync(viewer);
        await UnownedAsync(viewer);
        await RecoveringAsync(viewer);
        await BehindAsync(viewer);
        await PoisonAsync(viewer);
    }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        broker = await RealBroker.StartAsync(isProxied: true);
        if (broker is null)
        {
            return;
        }

        await FlightProducer.CreateTopicAsync(broker.BootstrapServers, topic, Keys.Length);
        ProduceOthers();
        await ProduceAsync("1", partition: 1);
        await ProduceAsync("1");
        site = new ServerSite(broker.BootstrapServers, topic, $$"""
              {{Feed}}:
                from: { topic: {{topic}}, format: json }
                key: k
                view: { n: count(), total: sum(v) }
                freshness: { slo: {{Slo.TotalSeconds}}s }
            """);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        if (broker is not null)
        {
            await broker.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => site?.Dispose();

    private static Task<Shown> LiveAsync(Viewer viewer, string key = Key) =>
        viewer.UntilAsync(key, shown => shown.State == "live", "live", Patience);

    private static Task<Shown> StaleAsync(Viewer viewer, string reason, string key = Key) => viewer.UntilAsync(
        key, shown => shown.State == "stale" && shown.Reason == reason, $"stale, {reason}", Patience);

    // A machine that other work has stopped for a moment says nothing of the product: one try of three is in time.
    private async Task TryAsync(string cause, Func<Task<(TimeSpan Told, TimeSpan Ended)>> once)
    {
        for (var tried = 1; ; tried++)
        {
            var (told, ended) = await once();
            output.WriteLine(
                $"{cause}: told after {told.TotalSeconds:F1} s, and its end after {ended.TotalSeconds:F1} s");
            Assert.InRange(told, TooEarly, TimeSpan.MaxValue);
            if (told <= Within && ended <= Within)
            {
                return;
            }

            Assert.True(tried < TriesMax, $"{cause}: told after {told}, and its end after {ended}");
        }
    }

    private Task CauseAsync(
        Viewer viewer, string cause, string reason, Func<Task> begin, Func<Task> end, TimeSpan due = default) =>
        TryAsync(cause, async () =>
        {
            await LiveAsync(viewer);
            var watch = Stopwatch.StartNew();
            await begin();
            await StaleAsync(viewer, reason);
            var told = watch.Elapsed - due;
            await end();
            watch.Restart();
            await LiveAsync(viewer);
            return (told, watch.Elapsed);
        });

    private async Task TransactionAsync(Viewer viewer)
    {
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig
        {
            BootstrapServers = broker!.BootstrapServers,
            TransactionalId = topic,
        }).SetLogHandler((_, _) => { }).Build();
        producer.InitTransactions(Patience);
        await CauseAsync(
            viewer, "a transaction open", "open-transaction",
            async () =>
            {
                producer.BeginTransaction();
                counted++;
                await producer.ProduceAsync(
                    new TopicPartition(topic, 0), new() { Key = Key, Value = Record(Key, "1") });
            },
            () =>
            {
                producer.CommitTransaction();
                return Task.CompletedTask;
            });
    }

    // Whoever holds SQLite's one lock for writing makes it a store that does not answer.
    private async Task StoreAsync(Viewer viewer)
    {
        await using var other = new SqliteConnection($"Data Source={Path.Combine(site!.Store, "akkafeeds.db")}");
        await other.OpenAsync();
        await CauseAsync(
            viewer, "the store locked", "store-down", () => ExecuteAsync(other, "BEGIN IMMEDIATE"),
            () => ExecuteAsync(other, "ROLLBACK"));
    }

    // Another member of the group takes one of the two partitions, and leaves. The cause is there when the group has
    // told him that it is his, and has ended when he has left.
    private Task UnownedAsync(Viewer viewer) => TryAsync("a partition taken away", async () =>
    {
        foreach (var key in Keys)
        {
            await LiveAsync(viewer, key);
        }

        await using var other = new ForeignMember(broker!.BootstrapServers, topic, topic);
        var taken = Keys[await other.TakenAsync(Patience)];
        var watch = Stopwatch.StartNew();
        await StaleAsync(viewer, "partition-unowned", taken);
        var told = watch.Elapsed;
        await other.DisposeAsync();
        watch.Restart();
        await LiveAsync(viewer, taken);
        return (told, watch.Elapsed);
    });

    // The process is killed, and another one recovers the journal; a record has been written meanwhile. The cause is
    // there when the client is connected again, since until then nobody can tell it anything. It ends when the slot
    // has read what the log held, which the view shows. That waits for the group, which misses the killed member after
    // its session of eight seconds. What is shown as live without that record would be a lie.
    private async Task RecoveringAsync(WebSocketViewer viewer)
    {
        // From here on the server's connections to Kafka can be held.
        site!.Edit($"brokers: {broker!.BootstrapServers}", $"brokers: 127.0.0.1:{broker.Proxy!.Port}");
        await TryAsync("a process recovering", async () =>
        {
            await LiveAsync(viewer);
            var (opened, shown) = (viewer.Opened, viewer.HistoryOf(Key).Count);
            await server!.KillAsync();
            await ProduceAsync("1");
            await server.DisposeAsync();
            server = ServerProcess.Start(site);
            await viewer.OpenedAsync(opened + 1, Patience);
            var watch = Stopwatch.StartNew();
            await viewer.UntilAsync(Key, _ => viewer.HistoryOf(Key).Count > shown, "told of", Patience);
            var told = watch.Elapsed;
            await viewer.UntilAsync(Key, IsWhole, $"of {counted} records", Patience);
            watch.Restart();
            await LiveAsync(viewer);
            var ended = watch.Elapsed;
            var since = viewer.HistoryOf(Key).Skip(shown).ToList();
            Assert.Equal(("rebuilding", "recovering"), (since[0].State, since[0].Reason));
            Assert.DoesNotContain(since, each => each.State == "live" && !IsWhole(each));
            return (told, ended);
        });
    }

    // The server's fetches are held on their way to Kafka, which answers everything else, and a record is written. The
    // view is older than its SLO allows when that record is: this is the cause. It ends when the fetches pass again.
    private Task BehindAsync(Viewer viewer) => CauseAsync(
        viewer, "a consumer behind its SLO", "behind-slo",
        () =>
        {
            broker!.Proxy!.Hold(origin => origin == KafkaOrigin.Fetch);
            return ProduceAsync("1");
        },
        () =>
        {
            broker!.Proxy!.Release();
            return Task.CompletedTask;
        },
        due: Slo);

    private async Task PoisonAsync(Viewer viewer)
    {
        var watch = Stopwatch.StartNew();
        await ProduceAsync("\"no number\"");
        await viewer.UntilAsync(
            Key, shown => shown is { State: "partial", Reason: "quarantined" }, "partial, quarantined", Patience);
        output.WriteLine($"a record put aside: told after {watch.Elapsed.TotalSeconds:F1} s");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Within);
    }

    private bool IsWhole(Shown shown)
    {
        using var view = JsonDocument.Parse(shown.Data);
        return view.RootElement.ValueKind == JsonValueKind.Object
            && view.RootElement.GetProperty("n").GetInt32() == counted;
    }

    private async Task ProduceAsync(string value, int partition = 0)
    {
        using var producer = new ProducerBuilder<string, string>(
            new ProducerConfig { BootstrapServers = broker!.BootstrapServers }).SetLogHandler((_, _) => { }).Build();
        counted += partition == 0 ? 1 : 0;
        var key = Keys[partition];
        await producer.ProduceAsync(
            new TopicPartition(topic, partition), new() { Key = key, Value = Record(key, value) });
    }

    // What makes the journal worth a recovery.
    private void ProduceOthers()
    {
        using var producer = FlightProducer.Create(broker!.BootstrapServers);
        for (var number = 0; number < OtherRecords; number++)
        {
            var key = $"other-{number % OtherKeys}";
            FlightProducer.Send(
                producer, topic, Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(Record(key, "1")));
        }

        FlightProducer.Flush(producer);
    }

    private static string Record(string key, string value) => $$"""{"k":"{{key}}","v":{{value}}}""";

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
