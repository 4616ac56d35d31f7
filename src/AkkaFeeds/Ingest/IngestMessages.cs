using Akka.Actor;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Ingest;

/// <summary>What the actors of one node's ingest say to each other; none of it leaves the node.</summary>
internal static class IngestMessages
{
    /// <summary>A lane holds its ledger and wants the records from here on; null: from the log's beginning.</summary>
    public sealed record Start(LaneId Lane, long? Floor) : INoSerializationVerificationNeeded;

    /// <summary>Records for a lane; answered by <see cref="Accepted"/> as soon as it has credit for more.</summary>
    public sealed record Records(DecodedBatch Batch) : INoSerializationVerificationNeeded;

    /// <summary>The lane has taken what it was given, and stands here.</summary>
    public sealed record Accepted(LaneId Lane, long Position) : INoSerializationVerificationNeeded;

    /// <summary>The lane has to read again from here.</summary>
    public sealed record Rewind(LaneId Lane, long Offset) : INoSerializationVerificationNeeded;

    /// <summary>The lane's floor has risen: every record below it is durable.</summary>
    public sealed record FloorRose(LaneId Lane, long Floor, int LeaderEpoch) : INoSerializationVerificationNeeded;

    /// <summary>The end of the log and when the broker told it.</summary>
    public sealed record LogEnd(long End, DateTimeOffset At) : INoSerializationVerificationNeeded;

    /// <summary>Stop reading, make durable what was read, and end; answered by <see cref="Drained"/>.</summary>
    public sealed class Drain : INoSerializationVerificationNeeded
    {
        private Drain()
        {
        }

        /// <summary>The message.</summary>
        public static Drain Instance { get; } = new();
    }

    /// <summary>The lane has ended.</summary>
    public sealed record Drained(LaneId Lane, long? Floor) : INoSerializationVerificationNeeded;
}
