using Confluent.Kafka;

namespace AkkaFeeds.Kafka;

/// <summary>A record to produce.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Message">Key, value, headers and timestamp.</param>
/// <param name="Partition">Its partition, or null for the partitioner's choice.</param>
public sealed record ProducerRecord<TKey, TValue>(string Topic, Message<TKey, TValue> Message, int? Partition = null);
