using Confluent.Kafka;

namespace AkkaFeeds.Kafka;

/// <summary>The stream of a partition failed because its log does not have the offset.</summary>
public sealed class OffsetOutOfRangeException(TopicPartition partition, long offset)
    : Exception($"{partition.Topic}/{partition.Partition.Value}:{offset} is not in the log any more, or not yet")
{
    /// <summary>The partition.</summary>
    public TopicPartition TopicPartition { get; } = partition;

    /// <summary>The offset that was asked for.</summary>
    public long Offset { get; } = offset;
}

/// <summary>
/// The stream of a partition failed because a deserializer threw. Read bytes, and decode downstream, to go on past
/// such a record.
/// </summary>
public sealed class RecordDeserializationException(TopicPartitionOffset position, Exception cause)
    : Exception($"{position.Topic}/{position.Partition.Value}:{position.Offset.Value}: {cause.Message}", cause)
{
    /// <summary>The record.</summary>
    public TopicPartitionOffset Position { get; } = position;
}

/// <summary>The client cannot go on (for example: its group.instance.id was taken over); the source fails.</summary>
public sealed class KafkaFatalException(Error error) : Exception($"fatal: {error.Code}: {error.Reason}")
{
    /// <summary>The client's error.</summary>
    public Error Error { get; } = error;
}
