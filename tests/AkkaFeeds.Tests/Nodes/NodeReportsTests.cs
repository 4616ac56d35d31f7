using AkkaFeeds.Contracts;
using AkkaFeeds.Freshness;
using AkkaFeeds.Nodes;
using Xunit;

namespace AkkaFeeds.Tests.Nodes;

/// <summary>What one node knows of its lanes and slots, another node shows, whatever its clock says.</summary>
public sealed class NodeReportsTests
{
    private static readonly LaneId Lane = new("flights", 1, "id", "flights", 0);

    private readonly Node first = new("first", 1_764_000_000_000);
    private readonly Node second = new("second", 1_764_000_060_000);

    [Fact]
    public void A_lane_of_one_node_makes_the_feed_live_on_another_whose_clock_is_a_minute_ahead()
    {
        Assert.Equal("partition-unowned", second.State().Reason);
        first.Reads();
        first.Feed.Slots.Is(0, isRebuilding: false);
        first.Tell(second);
        Assert.Equal(FreshnessState.Live, second.State().State);
        Assert.Equal(second.Now, second.Feed.ReadUntil());
        Assert.Equal(FreshnessState.Live, second.Feed.Status().State);
    }

    [Fact]
    public void A_node_that_falls_silent_leaves_its_partitions_unowned()
    {
        first.Reads();
        first.Tell(second);
        second.Advance(1_600);
        Assert.Equal(("partition-unowned", "flights/0"), (second.State().Reason, second.State().Missing!.Single()));
    }

    [Fact]
    public void The_age_of_a_report_travels_with_it()
    {
        first.Reads();
        first.Advance(1_000);
        first.Tell(second);
        second.Advance(600);
        Assert.Equal("partition-unowned", second.State().Reason);
    }

    [Fact]
    public void A_partition_that_went_to_another_node_is_its_word_and_the_end_of_the_former_lane_is_old()
    {
        first.Reads();
        first.Tell(second);
        second.Reads();
        first.Feed.Ended(Lane);
        first.Tell(second);
        Assert.Equal(FreshnessState.Live, second.State().State);
        second.Tell(first);
        Assert.Equal(FreshnessState.Live, first.State().State);
        Assert.Empty(first.Feed.Own());
    }

    [Fact]
    public void A_condition_that_waits_for_an_operator_is_named_on_every_node()
    {
        first.Reads();
        first.Tell(second);
        first.Feed.Ended(Lane, "lost-range");
        first.Tell(second);
        Assert.Equal("lost-range", second.State().Reason);
    }

    [Fact]
    public void A_node_does_not_hear_itself_and_passes_over_feeds_that_it_does_not_serve()
    {
        first.Reads();
        first.Tell(first);
        Assert.Single(first.Feed.Own());
        second.Hear(new NodeReport("first", 0, [new("other", "t", "", 3)], [], [new("other", 0, false)]));
        Assert.Equal(FreshnessState.Rebuilding, second.Feed.Status().State);
    }

    [Fact]
    public void A_node_that_reads_nothing_knows_what_others_have_put_aside_and_since_when()
    {
        first.Reads([new("decode", 3)], missingSince: 700);
        first.Feed.Slots.Is(0, isRebuilding: false);
        first.Tell(second);
        Assert.Equal([new("decode", 3)], second.Feed.Quarantined());

        // Kafka's own time: it is not put right by how far the clocks are apart.
        Assert.Equal((FreshnessState.Partial, 700), (second.Feed.Status().State, second.Feed.Status().Since));
    }

    private sealed class Node : TimeProvider
    {
        private readonly NodeReports reports;
        private long now;

        public Node(string name, long now)
        {
            this.now = now;
            var board = new FreshnessBoard(
                this, new Dictionary<string, TimeSpan?>(), new Dictionary<string, int> { ["flights"] = 1 });
            Feed = board.Of("flights");
            reports = new NodeReports(
                name, board, new Dictionary<string, IReadOnlyList<string>> { ["flights"] = ["flights"] }, this);
        }

        public FeedBoard Feed { get; }

        public long Now => now;

        public void Advance(long milliseconds) => now += milliseconds;

        public void Reads(
            IReadOnlyList<KeyValuePair<string, long>>? quarantined = null, long? missingSince = null)
        {
            Feed.Expect("flights", 1);
            Feed.Report(new LaneReport(Lane, 9, 9, now, now, quarantined is null ? null : "quarantined")
            {
                Quarantined = quarantined ?? [],
                MissingSince = missingSince,
            });
        }

        public void Tell(Node other) => other.Hear(reports.Make(_ => "id"));

        public void Hear(NodeReport report) => reports.Take(report);

        public FreshnessStatus State() => Feed.StateOf((_, _) => true, null, (_, _) => null);

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(now);
    }
}
