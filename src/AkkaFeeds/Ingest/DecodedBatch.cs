using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Decoding;
using AkkaFeeds.Kafka;

namespace AkkaFeeds.Ingest;

/// <summary>
/// Records of one partition, decoded once for all lanes on it: offsets, timestamps and the fields in use as columns,
/// and the
/// raw bytes for what is quarantined. Never written after it was made.
/// </summary>
internal sealed class DecodedBatch
{
    /// <summary>Offsets, ascending.</summary>
    public required long[] Offsets { get; init; }

    /// <summary>Kafka timestamps, Unix ms.</summary>
    public required long[] Timestamps { get; init; }

    /// <summary>The records as they were read: keys and values, which the batch that brought them holds.</summary>
    public required ReadOnlyMemory<KafkaRecord<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>> Records { get; init; }

    /// <summary>The records' headers; null where no feed of the topic asks for them.</summary>
    public IRecordHeaders?[]? Headers { get; init; }

    /// <summary>The decoded fields, record by record.</summary>
    public required Value[] Columns { get; init; }

    /// <summary>How many fields a record has.</summary>
    public required int Width { get; init; }

    /// <summary>Why a record could not be decoded, by its index; null where all could.</summary>
    public Dictionary<int, string>? Problems { get; private set; }

    /// <summary>The offset behind the last record, or behind control records that follow it.</summary>
    public required long Next { get; init; }

    /// <summary>The log's end as the consumer knows it, exclusive; -1 for unknown.</summary>
    public required long End { get; init; }

    /// <summary>The leader epoch of the last record, or -1.</summary>
    public required int LeaderEpoch { get; init; }

    /// <summary>The fetch generation that brought it; one that is older than the partition's is dropped.</summary>
    public required int Generation { get; init; }

    /// <summary>Whether the timestamps are the broker's: when it appended the records.</summary>
    public bool IsLogAppendTime => Records.Length > 0 && Records.Span[0].IsLogAppendTime;

    /// <summary>How many records.</summary>
    public int Count => Offsets.Length;

    /// <summary>Notes that a record could not be decoded; only while the batch is being made.</summary>
    public void AddProblem(int index, string problem) => (Problems ??= []).Add(index, problem);
}
