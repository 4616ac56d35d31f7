using System.Collections.Immutable;

namespace AkkaFeeds.Kafka;

/// <summary>One record of a <see cref="RecordBatch{TKey,TValue}"/>.</summary>
/// <remarks>
/// With <see cref="ReadOnlyMemory{T}"/> of bytes as key and value, both are slices of arrays that the records of a
/// batch share:
/// they stay valid as long as they are referenced, and keep the whole array alive. Copy what is kept for long.
/// </remarks>
public readonly struct KafkaRecord<TKey, TValue>
{
    internal KafkaRecord(TKey key, TValue value, long offset, long timestampMilliseconds, RecordFacts facts)
    {
        Key = key;
        Value = value;
        Offset = offset;
        TimestampMilliseconds = timestampMilliseconds;
        LeaderEpoch = facts.LeaderEpoch;
        HasKey = facts.HasKey;
        HasValue = facts.HasValue;
        IsLogAppendTime = facts.IsLogAppendTime;
        headers = facts.Headers;
    }

    private readonly ImmutableArray<RecordHeader> headers;

    /// <summary>The key; default where <see cref="HasKey"/> is false.</summary>
    public TKey Key { get; }

    /// <summary>The value; default where <see cref="HasValue"/> is false (a tombstone).</summary>
    public TValue Value { get; }

    /// <summary>The record's offset in its partition.</summary>
    public long Offset { get; }

    /// <summary>Milliseconds since the Unix epoch, or -1 where the record has none.</summary>
    public long TimestampMilliseconds { get; }

    /// <summary>The leader epoch of the record's batch, or -1.</summary>
    public int LeaderEpoch { get; }

    /// <summary>Whether the record has a key (which may be empty).</summary>
    public bool HasKey { get; }

    /// <summary>Whether the record has a value (which may be empty); a record without one is a tombstone.</summary>
    public bool HasValue { get; }

    /// <summary>
    /// Whether the broker set the timestamp when it appended the record; otherwise its producer did.
    /// </summary>
    public bool IsLogAppendTime { get; }

    /// <summary>The headers, in their order; empty where there are none.</summary>
    public ImmutableArray<RecordHeader> Headers => headers.IsDefault ? [] : headers;
}

internal readonly record struct RecordFacts(
    int LeaderEpoch, bool HasKey, bool HasValue, bool IsLogAppendTime, ImmutableArray<RecordHeader> Headers);
