using System.Diagnostics;
using System.Text;
using AkkaFeeds.Harness;
using AkkaFeeds.IntegrationTests.Conformance;
using AkkaFeeds.IntegrationTests.Fixtures;
using Confluent.Kafka;
using Microsoft.Data.Sqlite;
using Xunit.Abstractions;

namespace AkkaFeeds.IntegrationTests.Freshness;

/// <summary>
/// How soon a client of a WebSocket is told that its key is no longer live, and that it is again: within two seconds
/// of the cause, and of its end.
/// </summary>
public sealed class StateTimesTests(ITestOutputHelper output) : IAsyncLifetime, IDisposable
{
    private const string Feed = "counts";
    private const string Key = "A";
    private const int TriesMax = 3;
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string topic = $"states-{Guid.NewGuid():N}";
    private RealBroker? broker;
    private ServerSite? site;

    [SkippableFact]
    public async Task A_client_is_told_within_two_seconds_of_each_cause_and_of_its_end()
    {
        Skip.If(broker is null, RealBroker.SkipReason);
        await using var server = await ServerProcess.StartReadyAsync(site!);
        await using var viewer = new WebSocketViewer(site!.Http, new Watched(Feed, [Key])).Start();
        await LiveAsync(viewer);
        await CauseAsync(viewer, "Kafka frozen", "source-unreachable", broker!.SuspendAsync, broker.ResumeAsync);
        await CauseAsync(viewer, "Kafka killed", "source-unreachable", broker.KillAsync, broker.RestartAsync);
        await TransactionAsync(viewer);
        await StoreAsync(viewer);
        await PoisonAsync(viewer);
    }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        broker = await RealBroker.StartAsync();
        if (broker is null)
        {
            return;
        }

        await FlightProducer.CreateTopicAsync(broker.BootstrapServers, topic);
        Produce("1");
        site = new ServerSite(broker.BootstrapServers, topic, $$"""
              {{Feed}}:
                from: { topic: {{topic}}, format: json }
                key: k
                view: { n: count(), total: sum(v) }
            """);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (broker is not null)
        {
            await broker.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => site?.Dispose();

    private static Task<Shown> LiveAsync(Viewer viewer) =>
        viewer.UntilAsync(Key, shown => shown.State == "live", "live", Patience);

    // A machine that other work has stopped for a moment says nothing of the product: one try of three is in time.
    private async Task CauseAsync(Viewer viewer, string cause, string reason, Func<Task> begin, Func<Task> end)
    {
        for (var tried = 1; ; tried++)
        {
            await LiveAsync(viewer);
            var watch = Stopwatch.StartNew();
            await begin();
            await viewer.UntilAsync(
                Key, shown => shown.State == "stale" && shown.Reason == reason, $"stale, {reason}", Patience);
            var told = watch.Elapsed;
            await end();
            watch.Restart();
            await LiveAsync(viewer);
            var ended = watch.Elapsed;
            output.WriteLine(
                $"{cause}: told after {told.TotalSeconds:F1} s, and its end after {ended.TotalSeconds:F1} s");
            if (told <= Within && ended <= Within)
            {
                return;
            }

            Assert.True(tried < TriesMax, $"{cause}: told after {told}, and its end after {ended}");
        }
    }

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
                await producer.ProduceAsync(topic, new() { Key = Key, Value = Record("1") });
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

    private async Task PoisonAsync(Viewer viewer)
    {
        var watch = Stopwatch.StartNew();
        Produce("\"no number\"");
        await viewer.UntilAsync(
            Key, shown => shown is { State: "partial", Reason: "quarantined" }, "partial, quarantined", Patience);
        output.WriteLine($"a record put aside: told after {watch.Elapsed.TotalSeconds:F1} s");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Within);
    }

    private void Produce(string value)
    {
        using var producer = FlightProducer.Create(broker!.BootstrapServers);
        FlightProducer.Send(producer, topic, Encoding.UTF8.GetBytes(Key), Encoding.UTF8.GetBytes(Record(value)));
        FlightProducer.Flush(producer);
    }

    private static string Record(string value) => $$"""{"k":"{{Key}}","v":{{value}}}""";

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
