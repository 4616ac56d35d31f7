namespace AkkaFeeds.Definitions.Decoding;

/// <summary>The headers of a record; the last of a name counts.</summary>
internal interface IRecordHeaders
{
    /// <summary>The value of the last header with this name; false where there is none or its value is null.</summary>
    bool TryGetLast(string name, out ReadOnlySpan<byte> value);
}

/// <summary>A record as Kafka gave it. The spans are borrowed: nothing made from them points into them.</summary>
internal readonly ref struct RecordFacts
{
    /// <summary>The Kafka key; only where <see cref="HasKey"/>.</summary>
    public ReadOnlySpan<byte> Key { get; init; }

    /// <summary>Whether there is a Kafka key.</summary>
    public bool HasKey { get; init; }

    /// <summary>The value; only where <see cref="HasValue"/>.</summary>
    public ReadOnlySpan<byte> Value { get; init; }

    /// <summary>Whether there is a value; a null value retracts.</summary>
    public bool HasValue { get; init; }

    /// <summary>The Kafka timestamp, Unix ms.</summary>
    public long Timestamp { get; init; }

    public string Topic { get; init; }

    public int Partition { get; init; }

    public long Offset { get; init; }

    /// <summary>The headers, or null where there are none.</summary>
    public IRecordHeaders? Headers { get; init; }
}
