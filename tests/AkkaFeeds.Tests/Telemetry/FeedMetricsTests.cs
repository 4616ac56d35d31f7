using System.Diagnostics.Metrics;
using AkkaFeeds.Contracts;
using AkkaFeeds.Telemetry;
using Xunit;

namespace AkkaFeeds.Tests.Telemetry;

public sealed class FeedMetricsTests : IDisposable
{
    private readonly StoodClock clock = new();
    private readonly FeedMetrics metrics;

    public FeedMetricsTests() => metrics = new FeedMetrics(["flights"], clock);

    public void Dispose() => metrics.Dispose();

    [Fact]
    public void Every_counter_of_a_feed_stands_at_zero_from_the_start()
    {
        var lines = Lines();

        Assert.Contains("akkafeeds_gaps_total{feed=\"flights\"} 0", lines);
        Assert.Contains("akkafeeds_rewinds_total{feed=\"flights\"} 0", lines);
        Assert.Equal(5, lines.Count(line => line.StartsWith("akkafeeds_records_total{", StringComparison.Ordinal)));
        Assert.Equal(
            7, lines.Count(line => line.StartsWith("akkafeeds_quarantined_total{", StringComparison.Ordinal)));
        Assert.Contains("akkafeeds_state_keys{feed=\"flights\",state=\"live\"} 0", lines);
        Assert.Contains("akkafeeds_checkpoint_seconds_count{feed=\"flights\"} 0", lines);
    }

    [Fact]
    public void Counters_add_and_gauges_replace()
    {
        metrics.Records("flights", Outcome.Applied, 3);
        metrics.Records("flights", Outcome.Applied, 4);
        metrics.Quarantined("flights", Reasons.Type, 2);
        metrics.Gap("flights");
        metrics.Rewind("flights");
        metrics.SetLag("flights", "flights", 3, 10);
        metrics.SetLag("flights", "flights", 3, 4);
        metrics.SetCommitLag("flights", "flights", 3, 6);
        metrics.SetUnaccounted("flights", "flights", 3, 0);

        var lines = Lines();

        Assert.Contains("akkafeeds_records_total{feed=\"flights\",outcome=\"applied\"} 7", lines);
        Assert.Contains("akkafeeds_quarantined_total{feed=\"flights\",reason=\"type\"} 2", lines);
        Assert.Contains("akkafeeds_gaps_total{feed=\"flights\"} 1", lines);
        Assert.Contains("akkafeeds_rewinds_total{feed=\"flights\"} 1", lines);
        Assert.Contains("akkafeeds_lag_records{feed=\"flights\",partition=\"flights/3\"} 4", lines);
        Assert.Contains("akkafeeds_commit_lag_records{feed=\"flights\",partition=\"flights/3\"} 6", lines);
        Assert.Contains("akkafeeds_unaccounted_records{feed=\"flights\",partition=\"flights/3\"} 0", lines);
    }

    [Fact]
    public void Ages_grow_while_nobody_calls()
    {
        metrics.CheckpointAge("flights", "flights", 0, clock.GetUtcNow());
        metrics.Polled();
        clock.Advance(TimeSpan.FromSeconds(7.5));

        var lines = Lines();

        Assert.Contains("akkafeeds_checkpoint_age_seconds{feed=\"flights\",partition=\"flights/0\"} 7.5", lines);
        Assert.Contains("akkafeeds_poll_age_seconds 7.5", lines);
    }

    [Fact]
    public void A_poll_age_is_not_invented_before_the_first_poll()
    {
        Assert.DoesNotContain(Lines(), line => line.StartsWith("akkafeeds_poll_age", StringComparison.Ordinal));
    }

    [Fact]
    public void Buckets_are_cumulative_and_their_bounds_inclusive()
    {
        metrics.CheckpointTook("flights", TimeSpan.FromSeconds(0.01));
        metrics.CheckpointTook("flights", TimeSpan.FromSeconds(0.3));
        metrics.CheckpointTook("flights", TimeSpan.FromSeconds(99));

        var lines = Lines();

        Assert.Contains("akkafeeds_checkpoint_seconds_bucket{feed=\"flights\",le=\"0.005\"} 0", lines);
        Assert.Contains("akkafeeds_checkpoint_seconds_bucket{feed=\"flights\",le=\"0.01\"} 1", lines);
        Assert.Contains("akkafeeds_checkpoint_seconds_bucket{feed=\"flights\",le=\"0.5\"} 2", lines);
        Assert.Contains("akkafeeds_checkpoint_seconds_bucket{feed=\"flights\",le=\"30\"} 2", lines);
        Assert.Contains("akkafeeds_checkpoint_seconds_bucket{feed=\"flights\",le=\"+Inf\"} 3", lines);
        Assert.Contains("akkafeeds_checkpoint_seconds_sum{feed=\"flights\"} 99.31", lines);
    }

    [Fact]
    public void Keys_are_the_sum_over_the_slots_that_are_here()
    {
        metrics.SetKeys("flights", 0, FreshnessState.Live, 3);
        metrics.SetKeys("flights", 1, FreshnessState.Live, 4);
        metrics.SetKeys("flights", 1, FreshnessState.Live, 5);
        Assert.Contains("akkafeeds_state_keys{feed=\"flights\",state=\"live\"} 8", Lines());

        metrics.ForgetSlot("flights", 1);

        Assert.Contains("akkafeeds_state_keys{feed=\"flights\",state=\"live\"} 3", Lines());
    }

    [Fact]
    public void A_partition_that_left_leaves_no_gauge_behind()
    {
        metrics.SetLag("flights", "flights", 3, 10);
        metrics.SetCommitLag("flights", "flights", 3, 6);
        metrics.SetUnaccounted("flights", "flights", 3, 0);
        metrics.CheckpointAge("flights", "flights", 3, clock.GetUtcNow());

        metrics.ForgetPartition("flights", "flights", 3);

        Assert.DoesNotContain(Lines(), line => line.Contains("flights/3", StringComparison.Ordinal));
    }

    [Fact]
    public void A_reason_outside_its_closed_set_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => metrics.Quarantined("flights", "key ATL is odd", 1));
    }

    [Fact]
    public async Task No_count_is_lost_between_threads()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var index = 0; index < 10_000; index++)
            {
                metrics.Records("flights", Outcome.Applied, 1);
            }
        })));

        Assert.Contains("akkafeeds_records_total{feed=\"flights\",outcome=\"applied\"} 40000", Lines());
    }

    [Fact]
    public void The_meter_shows_the_same_numbers()
    {
        metrics.Records("flights", Outcome.Late, 9);
        metrics.SetLag("flights", "flights", 1, 5);
        var seen = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter == metrics.Meter)
            {
                own.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
            seen.Add($"{instrument.Name} {string.Join(',', tags.ToArray().Select(tag => tag.Value))} {value}"));
        listener.Start();

        listener.RecordObservableInstruments();

        Assert.Contains("akkafeeds_records_total flights,late 9", seen);
        Assert.Contains("akkafeeds_lag_records flights,flights/1 5", seen);
    }

    [Fact]
    public void Every_metric_that_is_defined_is_exposed_and_no_other()
    {
        metrics.Polled();

        var typed = Lines().Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[2]);

        Assert.Equal(MetricDefinitions.All.Select(definition => definition.Name), typed);
    }

    [Fact]
    public void Label_values_are_escaped()
    {
        metrics.SetLag("flights", "a\"b\\c\nd", 0, 1);

        Assert.Contains(
            "akkafeeds_lag_records{feed=\"flights\",partition=\"a\\\"b\\\\c\\nd/0\"} 1", Lines());
    }

    private List<string> Lines() => [.. PrometheusText.Write(metrics).Split('\n')];

    private sealed class StoodClock : TimeProvider
    {
        private DateTimeOffset now = DateTimeOffset.UnixEpoch.AddYears(56);

        public override DateTimeOffset GetUtcNow() => now;

        public void Advance(TimeSpan by) => now += by;
    }
}
