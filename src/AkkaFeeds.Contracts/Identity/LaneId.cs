namespace AkkaFeeds.Contracts;

/// <summary>
/// Names one lane and its ledger: the reading of one partition for one generation of a feed. A topic that was deleted
/// and made
/// again has another id, so nothing that was kept for the old one can be taken for the new one's.
/// </summary>
/// <param name="Feed">The feed's name.</param>
/// <param name="Generation">The generation, from 1.</param>
/// <param name="TopicId">Kafka's topic id, as Kafka prints it (22 characters).</param>
/// <param name="Topic">The topic's name.</param>
/// <param name="Partition">The partition, from 0.</param>
public sealed record LaneId(string Feed, int Generation, string TopicId, string Topic, int Partition)
{
    /// <summary>The sharding entity id and the tail of the ledger's persistence id.</summary>
    public override string ToString() => $"{Feed}.{Generation}.{TopicId}.{Partition}";
}
