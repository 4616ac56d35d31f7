using Akka.Actor;
using Akka.Event;
using Akka.Streams.Dsl;
using AkkaFeeds.Kafka;
using Confluent.Kafka;

namespace AkkaFeeds.Ingest;

internal sealed partial class IngestActor
{
    /// <summary>Make durable what was read, leave the group, and end; answered by <see cref="Drained"/>.</summary>
    public sealed class Drain : INoSerializationVerificationNeeded
    {
        private Drain()
        {
        }

        /// <summary>The message.</summary>
        public static Drain Instance { get; } = new();
    }

    /// <summary>It is done.</summary>
    /// <param name="Partitions">How many partitions were read until then.</param>
    public sealed record Drained(int Partitions) : INoSerializationVerificationNeeded;

    private sealed record Described(IReadOnlyList<(string Name, TopicFacts? Facts)> Topics)
        : INoSerializationVerificationNeeded;

    private sealed record Compacted(IReadOnlyList<string> Topics) : INoSerializationVerificationNeeded;

    private sealed record DescribeFailed(Exception Cause) : INoSerializationVerificationNeeded;

    private sealed record Assigned(
        TopicPartition Partition, Source<RecordBatch<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>,
        Akka.NotUsed> Batches)
        : INoSerializationVerificationNeeded;

    private sealed record Ending(IReadOnlyList<TopicPartition> Partitions, object Message, TaskCompletionSource Done)
        : INoSerializationVerificationNeeded;

    private sealed record Probed(
        IReadOnlyDictionary<TopicPartition, long> Earliest, IReadOnlyDictionary<TopicPartition, long> Ends,
        IReadOnlyDictionary<TopicPartition, long> Written, DateTimeOffset Began, TimeSpan BeganAt)
        : INoSerializationVerificationNeeded;

    private sealed record ProbeFailed(Exception Cause) : INoSerializationVerificationNeeded;

    private sealed record SourceEnded(Exception? Cause) : INoSerializationVerificationNeeded;

    private sealed class Probe
    {
        public static readonly Probe Instance = new();
    }

    private sealed class Look
    {
        public static readonly Look Instance = new();
    }

    private sealed class AskBroker
    {
        public static readonly AskBroker Instance = new();
    }

    private sealed class Connect
    {
        public static readonly Connect Instance = new();
    }
}
