using System.Diagnostics;
using System.Globalization;
using System.Text;
using AkkaFeeds.Harness;
using AkkaFeeds.IntegrationTests.Fixtures;
using Confluent.Kafka;

namespace AkkaFeeds.Load;

/// <summary>What one run of <c>nodes</c> measured.</summary>
/// <param name="Records">How many records the time is about.</param>
/// <param name="Seconds">From the first of them to the last.</param>
/// <param name="CpuSeconds">Processor time of all nodes over that time.</param>
/// <param name="OthersCores">What processes that are not ours took meanwhile.</param>
/// <param name="Travelled">The part of the rows whose slot was on another node.</param>
/// <param name="Wrong">What the nodes show wrongly; null for nothing.</param>
internal sealed record NodesRun(
    long Records, double Seconds, double CpuSeconds, double OthersCores, double Travelled, string? Wrong)
{
    private const string Feed = "nodes";
    private const int WarmPart = 4;

    // Slots are moved once a few seconds have shown where their rows come from; what is produced until then is not
    // measured.
    private const int SettleRecords = 4_000;
    private const int SettledLooks = 3;
    private static readonly TimeSpan SettleMax = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan SettleEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(25);
    private static int made;

    public double Rate => Records / Seconds;

    public bool IsVoid => OthersCores > CpuWatch.OthersCoresMax;

    /// <summary>
    /// Starts nodes on an empty topic, gives them a quarter of the records to compile what they run, and measures the
    /// rest.
    /// </summary>
    public static async Task<NodesRun> RunAsync(
        RealBroker broker, PostgresServer postgres, int nodes, int lanes, int keys, int records,
        Partitioner partitioner)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"nodes_{Interlocked.Increment(ref made)}");
        var store = await postgres.CreateDatabaseAsync(name);
        await FlightProducer.CreateTopicAsync(broker.BootstrapServers, name, lanes);
        var sites = Sites(broker, store, name, nodes);
        var running = new List<ServerProcess>();
        try
        {
            foreach (var site in sites)
            {
                running.Add(await ServerProcess.StartReadyAsync(site));
            }

            var produced = Produce(broker, name, keys, records / WarmPart, partitioner);
            await UntilAsync(running, lanes, produced);
            produced += await SettleAsync(running, broker, name, keys, partitioner);
            await UntilAsync(running, lanes, produced);
            var (before, travelled) = (await CpuAsync(running), await TravelledAsync(running));
            var others = new CpuWatch();
            var watch = Stopwatch.StartNew();
            produced += Produce(broker, name, keys, records, partitioner);
            await UntilAsync(running, lanes, produced);
            var seconds = watch.Elapsed.TotalSeconds;
            var cpu = await CpuAsync(running) - before;
            travelled = await TravelledAsync(running) - travelled;
            var wrong = await WrongAsync(running[^1].Client, keys, produced);
            return new(records, seconds, cpu, others.OthersCores(), travelled / records, wrong);
        }
        finally
        {
            foreach (var server in running)
            {
                await server.DisposeAsync();
            }

            sites.ForEach(site => site.Dispose());
        }
    }

    private static List<ServerSite> Sites(RealBroker broker, string store, string topic, int nodes)
    {
        var ports = Ports.Free(nodes);
        return [.. ports.Select(port =>
        {
            var site = new ServerSite(broker.BootstrapServers, topic, new FeedText(Feed, topic, "k", null).Yaml());
            site.UsePostgres(store);
            site.Edit("checkpoint:", string.Create(
                CultureInfo.InvariantCulture, $"""
                cluster:
                  port: {port}
                  seeds: [127.0.0.1:{ports[0]}]
                checkpoint:
                """));
            return site;
        })];
    }

    // Until no row has travelled for a few looks, or for so long that slots stay where they are.
    private static async Task<int> SettleAsync(
        IReadOnlyList<ServerProcess> nodes, RealBroker broker, string topic, int keys, Partitioner partitioner)
    {
        var produced = 0;
        var watch = Stopwatch.StartNew();
        for (var quiet = 0; quiet < SettledLooks && nodes.Count > 1 && watch.Elapsed < SettleMax;)
        {
            var before = await TravelledAsync(nodes);
            produced += Produce(broker, topic, keys, SettleRecords, partitioner);
            await Waiting.PauseAsync(SettleEvery);
            quiet = await TravelledAsync(nodes) > before ? 0 : quiet + 1;
        }

        return produced;
    }

    private static async Task<double> TravelledAsync(IReadOnlyList<ServerProcess> nodes)
    {
        var rows = 0.0;
        foreach (var node in nodes)
        {
            rows += (await node.Client.MetricsAsync())?.Sum("akkafeeds_slot_rows_total", ("lane", "elsewhere")) ?? 0;
        }

        return rows;
    }

    private static int Produce(RealBroker broker, string topic, int keys, int records, Partitioner partitioner)
    {
        using var producer = FlightProducer.Create(broker.BootstrapServers, partitioner);
        for (var index = 0; index < records; index++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"K{index % keys:00000}");
            FlightProducer.Send(
                producer, topic, Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(string.Create(
                    CultureInfo.InvariantCulture, $$"""{"k":"{{key}}","delay":{{index % 60}},"distance":1}""")));
        }

        FlightProducer.Flush(producer);
        return records;
    }

    private static async Task UntilAsync(IReadOnlyList<ServerProcess> nodes, int lanes, long records) =>
        await Waiting.ForAsync(
            async () =>
            {
                var consumed = 0.0;
                var atEnd = 0;
                foreach (var node in nodes)
                {
                    var metrics = await node.Client.MetricsAsync();
                    consumed += metrics?.Sum("akkafeeds_records_total", ("feed", Feed)) ?? 0;
                    atEnd += metrics is not null && metrics.Sum("akkafeeds_lag_records", ("feed", Feed)) == 0
                        ? metrics.Count("akkafeeds_lag_records", ("feed", Feed)) : 0;
                }

                return consumed >= records && atEnd == lanes ? nodes : null;
            },
            string.Create(CultureInfo.InvariantCulture, $"{records} records"), Limit, Every);

    private static async Task<double> CpuAsync(IReadOnlyList<ServerProcess> nodes)
    {
        var seconds = 0.0;
        foreach (var node in nodes)
        {
            seconds += (await node.Client.MetricsAsync())?.Sum("process_cpu_seconds_total") ?? 0;
        }

        return seconds;
    }

    private static async Task<string?> WrongAsync(ServerClient client, int keys, long records)
    {
        var shown = 0L;
        foreach (var key in await client.KeysAsync(Feed))
        {
            using var snapshot = await client.KeyAsync(Feed, key);
            shown += snapshot.RootElement.GetProperty("data").GetProperty("departures").GetInt64();
        }

        return shown == records ? null : $"{keys} keys show {shown} records of {records}";
    }
}
