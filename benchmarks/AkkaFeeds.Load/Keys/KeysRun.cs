using System.Globalization;
using System.Text.RegularExpressions;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Load;

/// <summary>One number of keys: made durable, killed, started again some times, and weighed at rest.</summary>
internal sealed partial class KeysRun(
    string brokers, PostgresServer? postgres, int keys, int starts, IReadOnlyDictionary<string, string> environment)
{
    private const int Collections = 2;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Per start, what the process said of itself in its log: milliseconds from its start to ready.</summary>
    public List<double> OwnMilliseconds { get; } = [];

    /// <summary>Per start, when <c>/healthz/ready</c> first answered 200, seen from here.</summary>
    public List<double> SeenMilliseconds { get; } = [];

    /// <summary>Per start, when all keys said that they are live, seen from here.</summary>
    public List<double> LiveMilliseconds { get; } = [];

    /// <summary>The managed heap after a forced full collection, with all keys idle.</summary>
    public double HeapBytes { get; private set; }

    /// <summary>Cores that processes which are not ours took during the starts.</summary>
    public double OthersCores { get; private set; }

    /// <summary>What the store's files hold.</summary>
    public long StoreBytes { get; private set; }

    /// <summary>The resident memory then.</summary>
    public double ResidentBytes { get; private set; }

    public async Task RunAsync()
    {
        var topic = $"keys-{keys}";
        await KeysTopic.FillAsync(brokers, topic, keys);
        using var site = new ServerSite(brokers, $"group-{topic}", KeysTopic.Feed(topic).Yaml());
        if (postgres is not null)
        {
            site.UsePostgres(await postgres.CreateDatabaseAsync(topic));
        }

        await using (var server = await ServerProcess.StartReadyAsync(site, environment))
        {
            await SettleAsync(server, topic);
            await server.KillAsync();
        }

        var watch = new CpuWatch();
        for (var start = 0; start < starts; start++)
        {
            await StartAsync(site, topic, isLast: start == starts - 1);
        }

        OthersCores = watch.OthersCores();
        StoreBytes = postgres is not null
            ? await postgres.ScalarAsync<long>(topic, "SELECT pg_database_size(current_database())")
            : Directory.EnumerateFiles(site.Store, "*", SearchOption.AllDirectories)
            .Sum(file => new FileInfo(file).Length);
    }

    private async Task StartAsync(ServerSite site, string topic, bool isLast)
    {
        var own = new TaskCompletionSource<double>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = ServerProcess.Start(site, environment, line =>
        {
            if (Own(line) is { } milliseconds)
            {
                own.TrySetResult(milliseconds);
            }
        });
        SeenMilliseconds.Add((await server.ReadyAsync(TimeSpan.FromMilliseconds(5))).TotalMilliseconds);
        await server.MetricsAsync(
            metrics => metrics.Sum("akkafeeds_state_keys", ("feed", KeysProgram.Feed), ("state", "live")) >= keys,
            "all keys live", Limit);
        LiveMilliseconds.Add(server.Age.TotalMilliseconds);
        if (isLast)
        {
            await SettleAsync(server, topic);
            await WeighAsync(server);
        }

        // The line comes through a pipe and may be behind the answer over HTTP.
        OwnMilliseconds.Add(await own.Task.WaitAsync(TimeSpan.FromSeconds(10)));
        await server.KillAsync();
    }

    private async Task SettleAsync(ServerProcess server, string topic) =>
        await server.MetricsAsync(
            metrics => metrics.Count("akkafeeds_lag_records", ("feed", KeysProgram.Feed)) == FlightProducer.Partitions
                && metrics.Sum("akkafeeds_lag_records", ("feed", KeysProgram.Feed)) == 0
                && metrics.Sum("akkafeeds_state_keys", ("feed", KeysProgram.Feed), ("state", "live")) >= keys
                && GroupOffsets.Lag(brokers, $"group-{topic}", topic) == 0,
            "all keys live and durable", Limit, TimeSpan.FromMilliseconds(200));

    private async Task WeighAsync(ServerProcess server)
    {
        for (var round = 0; round < Collections; round++)
        {
            var before = await server.Client.MetricsAsync() ?? throw new InvalidOperationException("no metrics");
            ForcedCollection.Ask(server.Process.Id);
            var after = await server.MetricsAsync(
                metrics => FullCollections(metrics) > FullCollections(before), "a full collection", Limit);
            HeapBytes = after.Sum("dotnet_gc_heap_bytes");
            ResidentBytes = after.Sum("process_resident_memory_bytes");
        }
    }

    private static double FullCollections(Metrics metrics) =>
        metrics.Sum("dotnet_gc_collections_total", ("generation", "2"));

    private static double? Own(string line) =>
        ReadyLine().Match(line) is { Success: true } match
            ? double.Parse(match.Groups["milliseconds"].Value, CultureInfo.InvariantCulture)
            : null;

    [GeneratedRegex(@"\bready in (?<milliseconds>[0-9]+) ms\b", RegexOptions.IgnoreCase)]
    private static partial Regex ReadyLine();
}
