using Akka.Streams.Dsl;
using AkkaFeeds.Kafka;
using Confluent.Kafka;

namespace AkkaFeeds.Ingest;

/// <summary>What a partition's actor is made with.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Lease">The assignment under which it is read.</param>
/// <param name="Feeds">The feeds that read its topic.</param>
/// <param name="Batches">The shared reading.</param>
/// <param name="Control">The consumer of the shared reading.</param>
/// <param name="SideSettings">The settings of readings of their own.</param>
internal sealed record PartitionSetup(
    TopicPartition Partition, long Lease, TopicFeeds Feeds,
    Source<RecordBatch<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>, Akka.NotUsed> Batches,
    IConsumerControl Control, ConsumerSettings<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> SideSettings);
