namespace AkkaFeeds.Contracts;

/// <summary>Whether this node can answer; asked by <c>/healthz/ready</c>, often, from any thread.</summary>
public interface IFeedsHealth
{
    /// <summary>How it stands now. Never waits: it reads what the node already knows.</summary>
    HealthReport Read();
}

/// <summary>How a node stands. It says nothing of Kafka: feeds are stale, not the node unready, until partitions are
/// assigned.</summary>
/// <param name="StoreOpen">Whether the store has been opened and answers.</param>
/// <param name="Recovered">Whether this node's slots and ledgers have recovered.</param>
/// <param name="Detail">What is waited for, for an operator to read; null when nothing is.</param>
public sealed record HealthReport(bool StoreOpen, bool Recovered, string? Detail = null)
{
    /// <summary>Whether nothing is waited for.</summary>
    public bool Ready => StoreOpen && Recovered;
}
