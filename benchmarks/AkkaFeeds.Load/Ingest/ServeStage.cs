using System.Diagnostics;
using System.Text.Json;
using AkkaFeeds.Harness;

namespace AkkaFeeds.Load;

/// <summary>
/// (d): the product whole, as a process: sharded slots, checkpoints each second on SQLite, the ports open. The clock
/// runs from
/// the first reading of the metrics that shows records to the first that shows all of them; the records of the first
/// reading
/// do not count. What the keys show is compared then, so that a fast wrong answer is no answer.
/// </summary>
internal static class ServeStage
{
    private const string Feed = IngestTopic.FeedName;
    private const int KeysCompared = 300;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(25);

    public static async Task<StageResult> RunAsync(
        string brokers, IngestTopic topic, MeasuredProcess measured)
    {
        var group = $"ingest-{Guid.NewGuid():N}";
        using var site = new ServerSite(brokers, group, topic.Feed().Yaml());
        await using var server = await ServerProcess.StartReadyAsync(site, measured.Environment);
        var profile = measured.Profile(server.Process.Id);
        var first = await server.MetricsAsync(metrics => Consumed(metrics) > 0, "the first record", Limit, Every);
        var watch = Stopwatch.StartNew();
        var last = await server.MetricsAsync(metrics => IsAtEnd(metrics, topic), "the last record", Limit, Every);
        var seconds = watch.Elapsed.TotalSeconds;
        await Waiting.ForAsync(
            () => Task.FromResult(GroupOffsets.Lag(brokers, group, topic.Name) == 0 ? server : null),
            "Kafka's commit of the last record", Limit, Every);
        var durable = watch.Elapsed.TotalSeconds;
        if (profile is not null)
        {
            // What is compared below is no part of what is measured.
            await profile.DisposeAsync();
        }

        var wrong = await WrongAsync(server.Client, topic);
        var end = await server.Client.MetricsAsync() ?? last;
        return new(
            (long)(Consumed(last) - Consumed(first)), seconds, Grown(first, last, "dotnet_gc_allocated_bytes_total"),
            Grown(first, last, "process_cpu_seconds_total"))
        {
            DurableSeconds = durable,
            Checkpoints = Grown(first, end, "akkafeeds_checkpoint_seconds_count"),
            CheckpointMilliseconds = 1_000 * Grown(first, end, "akkafeeds_checkpoint_seconds_sum")
                / Math.Max(1, Grown(first, end, "akkafeeds_checkpoint_seconds_count")),
            Wrong = wrong,
        };
    }

    private static double Consumed(Metrics metrics) => metrics.Sum("akkafeeds_records_total", ("feed", Feed));

    private static bool IsAtEnd(Metrics metrics, IngestTopic topic) =>
        Consumed(metrics) >= topic.Records
        && metrics.Count("akkafeeds_lag_records", ("feed", Feed)) == FlightProducer.Partitions
        && metrics.Sum("akkafeeds_lag_records", ("feed", Feed)) == 0;

    private static double Grown(Metrics from, Metrics to, string name) => to.Sum(name) - from.Sum(name);

    /// <summary>Compares a spread of keys with what was counted while the topic was made.</summary>
    private static async Task<string?> WrongAsync(ServerClient client, IngestTopic topic)
    {
        var keys = await client.KeysAsync(Feed);
        if (keys.Count != topic.Expected.Count)
        {
            return $"{keys.Count} keys, not {topic.Expected.Count}";
        }

        for (var index = 0; index < keys.Count; index += Math.Max(1, keys.Count / KeysCompared))
        {
            using var snapshot = await client.KeyAsync(Feed, keys[index]);
            var data = snapshot.RootElement.GetProperty("data");
            var shown = (Whole(data, "departures"), Whole(data, "totalDistance"));
            if (!topic.Expected.TryGetValue(keys[index], out var expected) || shown != expected)
            {
                return $"{keys[index]}: expected {expected}, shown {shown}";
            }
        }

        return null;
    }

    private static long Whole(JsonElement data, string field) => data.GetProperty(field).GetInt64();
}
