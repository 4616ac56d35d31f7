using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using AkkaFeeds.Kafka;
using Confluent.Kafka;
using Batches = Akka.Streams.Dsl.Source<
    AkkaFeeds.Kafka.RecordBatch<System.ReadOnlyMemory<byte>, System.ReadOnlyMemory<byte>>, Akka.NotUsed>;

namespace AkkaFeeds.Ingest;

/// <summary>The streams of one partition: batches from Kafka, decoded beside the actor that takes them.</summary>
internal static class PartitionReading
{
    // Decoded ahead while the lanes classify and send; each batch is a few hundred records.
    private const int BatchesAhead = 4;

    /// <summary>
    /// Runs batches through the decoders into <paramref name="target"/>, one message a batch: <see cref="Decoded"/>,
    /// to be
    /// answered by <see cref="Acknowledged"/>.
    /// </summary>
    /// <param name="batches">The partition's batches.</param>
    /// <param name="decoders">A decoder a group of feeds.</param>
    /// <param name="reader">Which reading this is: -1 for the shared one, else a side reader's number.</param>
    /// <param name="target">The partition's actor.</param>
    /// <param name="materializer">The partition's own.</param>
    public static void Run(
        Batches batches, IReadOnlyList<RecordDecoder> decoders, int reader, IActorRef target,
        IMaterializer materializer) =>
        // No boundary in between: the sink itself asks for batches ahead, and each boundary is a thread to wake.
        batches
            .SelectMany(batch => Decode(batch, decoders, reader))
            .RunWith(
                Sink.ActorRefWithAck<Decoded>(
                    target, new Started(reader), Acknowledged.Instance, new Completed(reader, null),
                    cause => new Completed(reader, cause))
                    .AddAttributes(Attributes.CreateInputBuffer(BatchesAhead, BatchesAhead)),
                materializer);

    /// <summary>
    /// A reader of its own for one partition from an offset: for a lane that is not where the others are.
    /// </summary>
    public static (IConsumerControl Control, Batches Batches) Side(
        ConsumerSettings<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> settings, TopicPartition partition, long offset,
        IMaterializer materializer)
    {
        var source = KafkaConsumer.PlainSource(
            settings, Subscriptions.AssignmentWithOffset(new TopicPartitionOffset(partition, offset)));
        return source.PreMaterialize(materializer);
    }

    private static IEnumerable<Decoded> Decode(
        RecordBatch<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> batch, IReadOnlyList<RecordDecoder> decoders,
        int reader)
    {
        var groups = decoders.Select(decoder => decoder.Decode(batch).ToList()).ToList();
        for (var part = 0; part < groups[0].Count; part++)
        {
            var index = part;
            yield return new Decoded(reader, [.. groups.Select(group => group[index])]);
        }
    }

    /// <summary>One batch, decoded by every group.</summary>
    public sealed record Decoded(int Reader, IReadOnlyList<DecodedBatch> Groups) : INoSerializationVerificationNeeded
    {
        /// <summary>The offset behind the batch.</summary>
        public long Next => Groups[0].Next;

        /// <summary>The generation that fetched it.</summary>
        public int Generation => Groups[0].Generation;
    }

    /// <summary>The stream has begun, and wants its first <see cref="Acknowledged"/>.</summary>
    public sealed record Started(int Reader) : INoSerializationVerificationNeeded;

    /// <summary>The stream has ended.</summary>
    public sealed record Completed(int Reader, Exception? Cause) : INoSerializationVerificationNeeded;

    /// <summary>The next batch, please.</summary>
    public sealed class Acknowledged : INoSerializationVerificationNeeded
    {
        private Acknowledged()
        {
        }

        /// <summary>The message.</summary>
        public static Acknowledged Instance { get; } = new();
    }
}
