using System.Diagnostics;

namespace AkkaFeeds.Harness;

/// <summary>
/// Real flights through the real broker and the real binary, in the ways in which a store and a process get lost.
/// Each case
/// ends with every field of every origin compared with a fold that shares nothing with the product.
/// </summary>
/// <param name="brokers">host:port of an empty broker.</param>
/// <param name="records">How many flights of the file.</param>
/// <param name="expected">The views of those.</param>
/// <param name="say">Takes a line about what is going on.</param>
public sealed class FlightsProof(
    string brokers, int records, IReadOnlyDictionary<string, FlightView> expected, Action<string> say)
{
    private static readonly TimeSpan SettleMax = TimeSpan.FromMinutes(5);

    /// <summary>All records stand in the topic, and one life of the server reads them.</summary>
    public async Task<ProofCase> PlainAsync(string name, bool keyed)
    {
        await FillAsync(name, keyed);
        using var site = Site(name);
        var watch = Stopwatch.StartNew();
        await using var server = await ServerProcess.StartReadyAsync(site);
        return await EndAsync(name, server, [], watch);
    }

    /// <summary>Records arrive while the server runs, and it is killed at random instants.</summary>
    public async Task<ProofCase> KilledAsync(string name, int kills, int seed)
    {
        await FlightProducer.CreateTopicAsync(brokers, name);
        using var site = Site(name);
        using var producer = FlightProducer.Create(brokers);
        var flights = await AllAsync();
        var plan = new KillPlan(seed);
        var killed = new List<KilledWhile>();
        var watch = Stopwatch.StartNew();
        for (var life = 0; life < kills; life++)
        {
            await using var server = ServerProcess.Start(site);
            var slice = flights.AsMemory()[At(life, kills)..At(life + 1, kills)];
            var producing = Task.Run(() => FlightProducer.Produce(producer, name, slice.Span, keyed: true));
            killed.Add(await plan.KillAsync(server, slice.Length));
            await producing;
            say($"{name}: kill {life + 1} of {kills} after {server.Age.TotalSeconds:F1} s, while {killed[^1]}");
        }

        await using var last = ServerProcess.Start(site);
        FlightProducer.Produce(producer, name, flights.AsSpan(At(kills, kills)), keyed: true);
        await last.ReadyAsync();
        return await EndAsync(name, last, killed, watch);
    }

    /// <summary>
    /// The store is put back to a copy made half-way, while Kafka's commit and all that was served are ahead of it;
    /// then it is
    /// deleted. Two cases, on one topic.
    /// </summary>
    public async Task<IReadOnlyList<ProofCase>> LostStoreAsync(string name)
    {
        await FillAsync(name, keyed: true);
        using var site = Site(name);
        await CopyHalfWayAsync(name, site);
        ProofCase whole;
        await using (var server = await ServerProcess.StartReadyAsync(site))
        {
            whole = await EndAsync($"{name}: killed half-way", server, [KilledWhile.Reading], Stopwatch.StartNew());
            await server.KillAsync();
        }

        site.RestoreStore();
        var restored = await AgainAsync($"{name}: copy put back", site);
        site.DeleteStore();
        return [whole, restored, await AgainAsync($"{name}: deleted", site)];
    }

    private async Task CopyHalfWayAsync(string name, ServerSite site)
    {
        await using var server = await ServerProcess.StartReadyAsync(site);
        var metrics = await server.MetricsAsync(
            metrics => RecordCounts.Of(metrics).Applied >= records / 2.0, "half of the records", SettleMax,
            TimeSpan.FromMilliseconds(10));
        await server.KillAsync();
        say($"{name}: store copied after {RecordCounts.Of(metrics).Applied:N0} of {records:N0} records");
        site.CopyStore();
    }

    private async Task<ProofCase> AgainAsync(string name, ServerSite site)
    {
        var watch = Stopwatch.StartNew();
        await using var server = await ServerProcess.StartReadyAsync(site);
        var result = await EndAsync(name, server, [], watch);
        await server.KillAsync();
        return result;
    }

    private ServerSite Site(string name) => new(brokers, $"group-{name}", FlightsFeed.Yaml(name));

    private int At(int life, int kills) => (int)((long)records * life / (kills + 1));

    private async Task FillAsync(string topic, bool keyed)
    {
        await FlightProducer.CreateTopicAsync(brokers, topic);
        using var producer = FlightProducer.Create(brokers);
        await foreach (var flights in FlightsFile.ReadAsync(records))
        {
            FlightProducer.Produce(producer, topic, flights.Span, keyed);
        }
    }

    private async Task<Flight[]> AllAsync()
    {
        var all = new List<Flight>(records);
        await foreach (var flights in FlightsFile.ReadAsync(records))
        {
            all.AddRange(flights.Span);
        }

        return [.. all];
    }

    private async Task<ProofCase> EndAsync(
        string name, ServerProcess server, IReadOnlyList<KilledWhile> kills, Stopwatch watch)
    {
        var topic = name.Split(':')[0];
        if (FlightProducer.Count(brokers, topic) is var count && count != records)
        {
            throw new InvalidOperationException(
                $"{topic} holds {count} records, not {records}: the proof itself is broken");
        }

        string? unsettled = null;
        try
        {
            await Waiting.ForAsync(
                async () => await IsSettledAsync(server, topic) ? server : null, "settled", SettleMax,
                TimeSpan.FromMilliseconds(100));
        }
        catch (TimeoutException)
        {
            unsettled = $"not settled after {SettleMax.TotalMinutes:F0} minutes: {await WhereAsync(server)}";
        }

        var seconds = watch.Elapsed.TotalSeconds;
        var comparison = await FlightComparison.ReadAsync(server.Client, expected);
        if (unsettled is not null)
        {
            comparison = comparison with { Differences = [unsettled, .. comparison.Differences] };
        }

        var metrics = await server.Client.MetricsAsync() ?? throw new InvalidOperationException("no metrics");
        say($"{name}: {comparison.KeysEqual} of {comparison.KeysExpected} keys equal after {seconds:F1} s");
        return new(name, records, kills, seconds, comparison, RecordCounts.Of(metrics));
    }

    /// <summary>
    /// The log is read to its end by the server's own account and by Kafka's group, and every key says that it is
    /// live. What
    /// the views hold is not asked here beyond "as many flights as there are": a wrong view that calls itself live is
    /// a
    /// difference, not a reason to wait.
    /// </summary>
    private async Task<bool> IsSettledAsync(ServerProcess server, string topic)
    {
        var metrics = await server.Client.MetricsAsync();
        if (metrics is null
            || metrics.Count("akkafeeds_lag_records", ("feed", FlightsFeed.Name)) < FlightProducer.Partitions
            || metrics.Sum("akkafeeds_lag_records", ("feed", FlightsFeed.Name)) != 0
            || GroupOffsets.Lag(brokers, $"group-{topic}", topic) != 0)
        {
            return false;
        }

        var (departures, allLive) = await FlightComparison.ProgressAsync(server.Client);
        return allLive && departures >= records;
    }

    private static async Task<string> WhereAsync(ServerProcess server)
    {
        var metrics = await server.Client.MetricsAsync();
        var (departures, allLive) = await FlightComparison.ProgressAsync(server.Client);
        return $"lag {metrics?.Sum("akkafeeds_lag_records")}, departures {departures}, all live {allLive}\n"
            + server.Process.Tail;
    }
}
