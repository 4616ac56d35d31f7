using Confluent.Kafka;

namespace AkkaFeeds.Kafka;

/// <summary>The control that the sources of <see cref="KafkaConsumer"/> materialize.</summary>
public interface IConsumerControl : IControl
{
    /// <summary>
    /// Moves a partition to an offset; also <see cref="Offset.Beginning"/> and <see cref="Offset.End"/>. When it
    /// returns, nothing
    /// that was fetched before is emitted any more; a partition that failed (its offset out of range) is offered
    /// again.
    /// </summary>
    /// <returns>The new fetch generation, which the batches read from the new position carry; -1 where the partition
    /// is not assigned.</returns>
    int Seek(TopicPartition partition, Offset offset);

    /// <summary>The lease of a partition, or -1 where it is not assigned.</summary>
    long LeaseOf(TopicPartition partition);

    /// <summary>Commits now. A commit of a lease that has ended is dropped; see <see cref="CommitOutcome"/>.</summary>
    Task<CommitOutcome> Commit(TopicPartitionOffset offset, long lease);

    /// <summary>What the consumer counts.</summary>
    ConsumerMetrics Metrics { get; }
}
