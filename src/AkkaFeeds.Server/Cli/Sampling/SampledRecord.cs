using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Decoding;
using Confluent.Kafka;

namespace AkkaFeeds.Server.Cli.Sampling;

/// <summary>A record that was read to look at it.</summary>
internal sealed record SampledRecord(
    RecordPosition Position, long Timestamp, byte[]? Key, byte[]? Value, IReadOnlyList<KeyValuePair<string,
    byte[]>> Headers)
    : IRecordHeaders
{
    public static SampledRecord From(ConsumeResult<byte[]?, byte[]?> result) => new(
        new RecordPosition(result.Topic, result.Partition.Value, result.Offset.Value),
        result.Message.Timestamp.UnixTimestampMs, result.Message.Key, result.Message.Value,
        [.. result.Message.Headers.Select(header => new KeyValuePair<string,
            byte[]>(header.Key, header.GetValueBytes()))]);

    public RecordFacts Facts() => new()
    {
        Key = Key,
        HasKey = Key is not null,
        Value = Value,
        HasValue = Value is not null,
        Timestamp = Timestamp,
        Topic = Position.Topic,
        Partition = Position.Partition,
        Offset = Position.Offset,
        Headers = this,
    };

    public bool TryGetLast(string name, out ReadOnlySpan<byte> value)
    {
        for (var index = Headers.Count - 1; index >= 0; index--)
        {
            if (Headers[index].Key == name)
            {
                value = Headers[index].Value;
                return true;
            }
        }

        value = default;
        return false;
    }
}
