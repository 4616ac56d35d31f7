using System.Text;
using System.Text.Json;
using AkkaFeeds.Definitions.Decoding;
using AkkaFeeds.Definitions.Expressions;

namespace AkkaFeeds.Definitions.Vectors;

/// <summary>A record of a vector: a string stands for its bytes, anything else but null for its JSON text.</summary>
internal sealed class VectorRecord : IRecordHeaders
{
    private readonly JsonElement headers;

    private VectorRecord(JsonElement record, string topic)
    {
        Topic = Member(record, "topic")?.GetString() ?? topic;
        Partition = Member(record, "partition")?.GetInt32() ?? 0;
        Offset = Member(record, "offset")?.GetInt64();
        Key = Member(record, "key") is { } key ? Bytes(key) : null;
        Value = Member(record, "value") is { } value ? Bytes(value) : null;
        Timestamp = Member(record, "timestamp") is { } timestamp ? TimeOf(timestamp) : 0;
        headers = Member(record, "headers") ?? default;
    }

    public string Topic { get; }

    public int Partition { get; }

    /// <summary>The offset; null for the one that follows in its partition.</summary>
    public long? Offset { get; }

    public byte[]? Key { get; }

    public byte[]? Value { get; }

    public long Timestamp { get; }

    public static VectorRecord Read(JsonElement record, string topic) => record.ValueKind == JsonValueKind.Object
        ? new VectorRecord(record, topic)
        : throw new FormatException("records: each is an object");

    public bool TryGetLast(string name, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (Member(headers, name) is not { } header)
        {
            return false;
        }

        value = Bytes(header);
        return true;
    }

    public RecordFacts Facts(long offset) => new()
    {
        Key = Key,
        HasKey = Key is not null,
        Value = Value,
        HasValue = Value is not null,
        Timestamp = Timestamp,
        Topic = Topic,
        Partition = Partition,
        Offset = offset,
        Headers = this,
    };

    private static byte[] Bytes(JsonElement element) =>
        Encoding.UTF8.GetBytes(
            element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText());

    private static long TimeOf(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Number)
        {
            return element.GetInt64();
        }

        return Times.TryParse(element.GetString(), out var time)
            ? time
            : throw new FormatException($"records: timestamp: {element.GetRawText()} is neither Unix ms nor RFC 3339");
    }

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            && value.ValueKind != JsonValueKind.Null
            ? value
            : null;
}
