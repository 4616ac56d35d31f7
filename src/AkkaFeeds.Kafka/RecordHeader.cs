namespace AkkaFeeds.Kafka;

/// <summary>A header of a record.</summary>
/// <param name="Name">Its name; names may repeat within a record.</param>
/// <param name="Value">Its bytes; empty where <paramref name="IsNull"/>.</param>
/// <param name="IsNull">Whether the producer wrote no value at all.</param>
public readonly record struct RecordHeader(string Name, ReadOnlyMemory<byte> Value, bool IsNull);
