using Confluent.Kafka;

namespace AkkaFeeds.Kafka;

/// <summary>
/// Consecutive records of one partition, in the order of the log. A batch may be empty: then it only moves
/// <see cref="NextOffset"/>, past aborted transactions and control records at the end of the log.
/// </summary>
public sealed class RecordBatch<TKey, TValue>
{
    internal RecordBatch(
        TopicPartition partition, long lease, int generation, KafkaRecord<TKey, TValue>[] records,
        BatchPosition position)
    {
        TopicPartition = partition;
        Lease = lease;
        Generation = generation;
        this.records = records;
        NextOffset = position.NextOffset;
        NextLeaderEpoch = position.LeaderEpoch;
        EndReached = position.EndReached;
        LogEnd = position.LogEnd;
        Bytes = position.Bytes;
    }

    private readonly KafkaRecord<TKey, TValue>[] records;

    /// <summary>The partition of all the records.</summary>
    public TopicPartition TopicPartition { get; }

    /// <summary>
    /// The assignment under which the records were read: a new number each time the partition is assigned.
    /// </summary>
    public long Lease { get; }

    /// <summary>
    /// Counts the seeks of the partition under its lease. After a seek no batch of a lower generation is emitted.
    /// </summary>
    public int Generation { get; }

    /// <summary>The records; possibly none.</summary>
    public ReadOnlySpan<KafkaRecord<TKey, TValue>> Records => records;

    /// <summary>The same records, for code that must keep them over an await.</summary>
    public ReadOnlyMemory<KafkaRecord<TKey, TValue>> RecordMemory => records;

    /// <summary>
    /// The position after this batch: everything below it has been read. This is the offset to commit.
    /// </summary>
    public long NextOffset { get; }

    /// <summary>The leader epoch to commit with <see cref="NextOffset"/>, or -1.</summary>
    public int NextLeaderEpoch { get; }

    /// <summary>
    /// Whether the broker said, after the last record, that the partition has nothing more (for read_committed:
    /// nothing stable).
    /// </summary>
    public bool EndReached { get; }

    /// <summary>
    /// The end of the log (exclusive) as last seen: <see cref="NextOffset"/> where <see cref="EndReached"/>,
    /// otherwise the high
    /// watermark of the last fetch, which counts records of open transactions too; never below
    /// <see cref="NextOffset"/>.
    /// </summary>
    public long LogEnd { get; }

    /// <summary>What the batch holds: bytes of keys, values and headers, and 64 a record.</summary>
    public long Bytes { get; }
}

internal readonly record struct BatchPosition(
    long NextOffset, int LeaderEpoch, bool EndReached, long LogEnd, long Bytes);
