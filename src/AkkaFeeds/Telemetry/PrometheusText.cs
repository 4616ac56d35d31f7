using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace AkkaFeeds.Telemetry;

/// <summary>Writes all metrics in the Prometheus text format 0.0.4.</summary>
public static class PrometheusText
{
    /// <summary>The media type of the text.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Every metric as it stands now.</summary>
    public static string Write(FeedMetrics metrics)
    {
        var text = new StringBuilder(8192);
        Family(text, metrics.RecordsTotal);
        Family(text, metrics.Lag);
        Series(text, MetricDefinitions.CheckpointAgeSeconds, metrics.ReadCheckpointAges());
        Histogram(text, metrics.CheckpointSeconds);
        Family(text, metrics.CommitLag);
        Family(text, metrics.Unaccounted);
        Family(text, metrics.Lost);
        Freshness(text, metrics);
        Series(text, MetricDefinitions.StateKeys, metrics.ReadKeys());
        Series(text, MetricDefinitions.WatchedKeys, metrics.ReadWatched());
        Family(text, metrics.Recoveries);
        Family(text, metrics.Gaps);
        Family(text, metrics.Rewinds);
        Family(text, metrics.SlotRowsTotal);
        Family(text, metrics.QuarantinedTotal);
        Clients(text, metrics.Clients);
        if (metrics.ReadPollAge() is { } age)
        {
            Single(text, MetricDefinitions.PollAgeSeconds, age);
        }

        Process(text);
        return text.ToString();
    }

    private static void Clients(StringBuilder text, ClientMetrics clients)
    {
        Single(text, MetricDefinitions.Clients, clients.Clients);
        Single(text, MetricDefinitions.Subscriptions, clients.Subscriptions);
        Series(text, MetricDefinitions.FramesTotal, clients.ReadFrames());
        Series(text, MetricDefinitions.BytesTotal, clients.ReadBytes());
        Single(text, MetricDefinitions.SlowClients, clients.SlowClients);
        Single(text, MetricDefinitions.SlowClosedTotal, clients.ClosedSlowTotal);
        Single(text, MetricDefinitions.LongPolls, clients.LongPolls);
    }

    private static void Process(StringBuilder text)
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        Single(text, MetricDefinitions.ProcessCpuSecondsTotal, process.TotalProcessorTime.TotalSeconds);
        Single(text, MetricDefinitions.ProcessResidentBytes, process.WorkingSet64);
        var started = new DateTimeOffset(process.StartTime.ToUniversalTime(), TimeSpan.Zero);
        Single(text, MetricDefinitions.ProcessStartSeconds, started.ToUnixTimeMilliseconds() / 1000.0);
        Single(text, MetricDefinitions.ProcessThreads, process.Threads.Count);
        Single(text, MetricDefinitions.GcHeapBytes, GC.GetGCMemoryInfo().HeapSizeBytes);
        Single(text, MetricDefinitions.GcAllocatedBytesTotal, GC.GetTotalAllocatedBytes());
        Series(
            text, MetricDefinitions.GcCollectionsTotal,
            Enumerable.Range(0, GC.MaxGeneration + 1).Select(generation =>
                (generation.ToString(CultureInfo.InvariantCulture), "", (double)GC.CollectionCount(generation))));
        Single(text, MetricDefinitions.GcPauseSecondsTotal, GC.GetTotalPauseDuration().TotalSeconds);
        Single(text, MetricDefinitions.ExceptionsTotal, ThrownExceptions.Total);
    }

    private static void Family(StringBuilder text, MetricFamily family) =>
        Series(text, family.Definition, family.Read());

    private static void Single(StringBuilder text, MetricDefinition definition, double value) =>
        Series(text, definition, [("", "", value)]);

    private static void Series(
        StringBuilder text, MetricDefinition definition,
        IEnumerable<(string First, string Second, double Value)> series)
    {
        Head(text, definition);
        foreach (var (first, second, value) in series)
        {
            Line(text, definition.Name, definition, first, second, null, value);
        }
    }

    private static void Histogram(StringBuilder text, MetricHistogram histogram)
    {
        var definition = histogram.Definition;
        Head(text, definition);
        foreach (var (feed, cumulative, sum) in histogram.Read())
        {
            Buckets(text, definition, feed, "", histogram.BoundsSeconds, cumulative, sum);
        }
    }

    private static void Freshness(StringBuilder text, FeedMetrics metrics)
    {
        var definition = MetricDefinitions.FreshnessSeconds;
        Head(text, definition);
        foreach (var feed in metrics.Feeds)
        {
            var meter = metrics.Freshness(feed);
            var counts = meter.Read();
            foreach (var stage in Enum.GetValues<FreshnessStage>())
            {
                var cumulative = meter.Between(stage, null, counts);
                for (var bucket = 1; bucket < cumulative.Length; bucket++)
                {
                    cumulative[bucket] += cumulative[bucket - 1];
                }

                Buckets(
                    text, definition, feed, FreshnessMeter.Word(stage), meter.BoundsSeconds, cumulative,
                    meter.SumMilliseconds(stage) / 1000.0);
            }
        }
    }

    private static void Buckets(
        StringBuilder text, MetricDefinition definition, string first, string second,
        IReadOnlyList<double> boundsSeconds, long[] cumulative, double sum)
    {
        for (var index = 0; index < cumulative.Length; index++)
        {
            var bound = index < boundsSeconds.Count ? Number(boundsSeconds[index]) : "+Inf";
            Line(text, definition.Name + "_bucket", definition, first, second, bound, cumulative[index]);
        }

        Line(text, definition.Name + "_sum", definition, first, second, null, sum);
        Line(text, definition.Name + "_count", definition, first, second, null, cumulative[^1]);
    }

    private static void Head(StringBuilder text, MetricDefinition definition)
    {
        var kind = definition.Kind.ToString().ToLowerInvariant();
        text.Append("# HELP ").Append(definition.Name).Append(' ').Append(definition.Help).Append('\n');
        text.Append("# TYPE ").Append(definition.Name).Append(' ').Append(kind).Append('\n');
    }

    private static void Line(
        StringBuilder text, string name, MetricDefinition definition, string first, string second, string? bound,
        double value)
    {
        Debug.Assert(definition.Labels.Count <= 2, "A family keeps two label values.");
        text.Append(name);
        var open = '{';
        for (var index = 0; index < definition.Labels.Count; index++)
        {
            Label(text, open, definition.Labels[index], index == 0 ? first : second);
            open = ',';
        }

        if (bound is not null)
        {
            Label(text, open, "le", bound);
            open = ',';
        }

        text.Append(open == ',' ? "} " : " ").Append(Number(value)).Append('\n');
    }

    private static void Label(StringBuilder text, char open, string name, string value)
    {
        text.Append(open).Append(name).Append("=\"");
        foreach (var character in value)
        {
            _ = character switch
            {
                '\\' => text.Append("\\\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append("\\n"),
                _ => text.Append(character),
            };
        }

        text.Append('"');
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
