namespace AkkaFeeds.Contracts;

/// <summary>How feeds are and have been, for a board or an operator. Thread-safe, and never waits.</summary>
public interface IFeedsStatus
{
    /// <summary>How a feed is now; its lanes on all nodes, the rest as this node knows it.</summary>
    FeedStatus Of(string feed);
}

/// <summary>How a feed is and has been.</summary>
/// <param name="Node">The node that says so.</param>
/// <param name="State">Its state now.</param>
/// <param name="History">Its states in the last quarter of an hour, oldest first, one behind the other.</param>
/// <param name="Stages">How old its records were at each stage in the last minute; a stage without any is left
/// out.</param>
/// <param name="Lanes">Who reads which partition, sorted by topic and partition.</param>
/// <param name="Quarantined">
/// How many records of the feed its ledgers list as put aside, by reason, as far as this node has heard of its
/// partitions: those of all nodes, and over restarts.
/// </param>
/// <param name="Connections">Clients of this node that watch something of the feed.</param>
/// <param name="Subscriptions">How many of its keys and collections they watch.</param>
/// <param name="Slow">How many of the clients have a socket that takes nothing.</param>
/// <param name="Slowest">At most ten of these, whose writes have waited longest, the longest first.</param>
public sealed record FeedStatus(
    string Node, FreshnessStatus State, IReadOnlyList<FeedStateSpan> History, IReadOnlyList<StageFreshness> Stages,
    IReadOnlyList<LaneStatus> Lanes, IReadOnlyList<KeyValuePair<string, long>> Quarantined, long Connections,
    long Subscriptions, long Slow, IReadOnlyList<SlowClient> Slowest);

/// <summary>A client whose write waits for its socket.</summary>
/// <param name="Id">Its id, which its <c>welcome</c> names as the session.</param>
/// <param name="Path">Which way it is written to: the label <c>path</c> of <c>akkafeeds_bytes_total</c>.</param>
/// <param name="WaitedMilliseconds">For how long the write has waited.</param>
/// <param name="Feeds">The feeds that the client watches something of.</param>
public sealed record SlowClient(string Id, string Path, long WaitedMilliseconds, IReadOnlyList<string> Feeds);

/// <summary>A stretch in which a feed was in one state for one reason.</summary>
/// <param name="State">The state.</param>
/// <param name="Reason">Why, or null.</param>
/// <param name="From">When it began, Unix ms.</param>
/// <param name="To">When it ended, Unix ms.</param>
public sealed record FeedStateSpan(FreshnessState State, string? Reason, long From, long To);

/// <summary>How old records were at a stage.</summary>
/// <param name="Stage">The stage's word.</param>
/// <param name="Count">How many.</param>
/// <param name="P50">The median, ms.</param>
/// <param name="P90">The 90th percentile, ms.</param>
/// <param name="P99">The 99th percentile, ms.</param>
/// <param name="Buckets">Its histogram, the youngest first; without the buckets that nothing fell into.</param>
public sealed record StageFreshness(
    string Stage, long Count, double P50, double P90, double P99, IReadOnlyList<AgeBucket> Buckets);

/// <summary>The records of one bucket of a histogram.</summary>
/// <param name="From">They were older than this, ms.</param>
/// <param name="To">And no older than this, ms; null for the last bucket, which has no end.</param>
/// <param name="Count">How many.</param>
public sealed record AgeBucket(int From, int? To, long Count);

/// <summary>Who reads a partition, and how far.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Node">The node; null where none does.</param>
/// <param name="Position">The next offset that it reads.</param>
/// <param name="End">The log's end, exclusive.</param>
/// <param name="ReadAt">The instant up to which it has read, Unix ms.</param>
/// <param name="Condition">What is wrong with it, or null.</param>
public sealed record LaneStatus(
    string Topic, int Partition, string? Node, long Position, long End, long ReadAt, string? Condition);
