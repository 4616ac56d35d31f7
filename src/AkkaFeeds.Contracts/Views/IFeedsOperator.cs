namespace AkkaFeeds.Contracts;

/// <summary>What an operator decides of feeds, from any node for the whole cluster. Thread-safe.</summary>
public interface IFeedsOperator
{
    /// <summary>
    /// The records that the topics of a feed have lost before they were read, where its reading waits for an operator
    /// because of that (<c>lost-range</c>); sorted by topic and partition.
    /// </summary>
    /// <param name="feed">The feed.</param>
    /// <param name="letGo">
    /// Whether the operator lets them go: the reading goes on behind them, and the feed is <c>partial</c> from then.
    /// </param>
    /// <param name="cancellation">Gives the question up.</param>
    /// <exception cref="NotReadyException">A ledger does not answer in time.</exception>
    Task<IReadOnlyList<LostRecords>> LossesAsync(string feed, bool letGo, CancellationToken cancellation);
}

/// <summary>Records that a partition's log had lost before they were read.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="FromOffset">The first offset that is lost.</param>
/// <param name="ToOffset">The first offset behind them.</param>
public sealed record LostRecords(string Topic, int Partition, long FromOffset, long ToOffset);
