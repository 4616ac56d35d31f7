using AkkaFeeds.Contracts;
using AkkaFeeds.Freshness;
using AkkaFeeds.Telemetry;
using Xunit;

namespace AkkaFeeds.Tests.Freshness;

public sealed class FeedHistoryTests
{
    private static readonly FreshnessStatus Stale = new(FreshnessState.Stale, "source-unreachable", 1);
    private readonly FeedHistory history = new();
    private readonly FreshnessMeter meter = new();

    [Fact]
    public void States_adjoin_and_the_oldest_are_forgotten_after_a_quarter_of_an_hour()
    {
        history.Sample(FreshnessStatus.Live, meter, 0);
        history.Sample(FreshnessStatus.Live, meter, 2_000);
        history.Sample(Stale, meter, 4_000);
        Assert.Equal(
            [
                new FeedStateSpan(FreshnessState.Live, null, 0, 2_000),
                new FeedStateSpan(FreshnessState.Stale, "source-unreachable", 2_000, 5_000),
            ],
            history.States(Stale, 5_000));

        const long Later = 2_000 + (15 * 60_000) + 1;
        var span = Assert.Single(history.States(Stale, Later));
        Assert.Equal((2_000, Later), (span.From, span.To));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3_000)]
    [InlineData(300_000)]
    [InlineData(600_000)]
    [InlineData(long.MaxValue)]
    public void What_is_over_the_promise_is_told_as_over_it_however_long_it_is(long slo)
    {
        var promised = new FreshnessMeter(slo);
        var before = promised.Read();
        promised.Observe(FreshnessStage.Ingest, long.MaxValue / 2);
        var p99 = promised.Percentile(promised.Between(FreshnessStage.Ingest, before, promised.Read()), 0.99);
        Assert.True(p99 > Math.Min(slo, int.MaxValue / 2), $"p99 is {p99} ms of {slo}");
    }

    [Fact]
    public void A_clock_that_is_put_back_makes_no_stretch_that_ends_before_it_begins()
    {
        history.Sample(FreshnessStatus.Live, meter, 10_000);
        foreach (var span in history.States(Stale, 4_000))
        {
            Assert.True(span.From <= span.To, $"{span}");
        }
    }

    [Fact]
    public void A_percentile_is_above_the_slo_only_where_records_are()
    {
        var promised = new FreshnessMeter(3_000);
        for (var record = 0; record < 200; record++)
        {
            promised.Observe(FreshnessStage.Ingest, 2_100);
        }

        Assert.InRange(history.Stages(promised)[0].P99, 2_000, 3_000);
        for (var record = 0; record < 5; record++)
        {
            promised.Observe(FreshnessStage.Ingest, 3_001);
        }

        Assert.InRange(history.Stages(promised)[0].P99, 3_000, 5_000);
        Assert.Contains(3.0, promised.BoundsSeconds);
        Assert.Equal(
            [new AgeBucket(2_000, 3_000, 200), new AgeBucket(3_000, 5_000, 5)], history.Stages(promised)[0].Buckets);
    }

    [Fact]
    public void Percentiles_are_of_the_last_minute_and_of_stages_that_were_seen()
    {
        meter.Observe(FreshnessStage.Ingest, 250_000);
        var samples = (int)(FeedHistory.Window / FeedHistory.Every);
        for (var sample = 0; sample <= samples; sample++)
        {
            history.Sample(FreshnessStatus.Live, meter, sample * 2_000);
        }

        for (var age = 1; age <= 100; age++)
        {
            meter.Observe(FreshnessStage.Ingest, age);
            meter.Observe(FreshnessStage.Render, -5);
        }

        var stages = history.Stages(meter);
        Assert.Equal(["ingest", "render"], stages.Select(stage => stage.Stage));
        Assert.Equal(100, stages[0].Count);
        Assert.InRange(stages[0].P50, 45, 55);
        Assert.InRange(stages[0].P99, 95, 100);
        Assert.InRange(stages[1].P99, 0, 1);
    }

    [Fact]
    public void What_is_older_than_every_bucket_counts_as_the_last_bound()
    {
        meter.Observe(FreshnessStage.Write, long.MaxValue / 2);
        Assert.Equal(300_000, Assert.Single(history.Stages(meter)).P99);
    }
}
