using Akka.Actor;
using AkkaFeeds.Contracts;
using AkkaFeeds.Ingest.Protocol;

namespace AkkaFeeds.Ingest;

/// <summary>What the actors of one node's ingest say to each other; none of it leaves the node.</summary>
internal static class IngestMessages
{
    /// <summary>A lane wants its records from this offset on, under this fetch generation of its own.</summary>
    public sealed record ReadFrom(LaneId Lane, long Offset, int FetchGeneration) : INoSerializationVerificationNeeded;

    /// <summary>Records for a lane, under the fetch generation that it last asked for.</summary>
    public sealed record Records(DecodedBatch Batch, int FetchGeneration) : INoSerializationVerificationNeeded;

    /// <summary>The lane has taken what it was given, and stands here.</summary>
    public sealed record Accepted(LaneId Lane, int FetchGeneration, long Position)
        : INoSerializationVerificationNeeded;

    /// <summary>The lane's floor has risen: every record below it is durable.</summary>
    public sealed record FloorRose(LaneId Lane, long Floor, int LeaderEpoch) : INoSerializationVerificationNeeded;

    /// <summary>
    /// The log did not have what comes next for a lane, and no probe has ended it: read again from the floor, because
    /// the log may have been cut and have grown again.
    /// </summary>
    public sealed class ReadAgain : INoSerializationVerificationNeeded
    {
        private ReadAgain()
        {
        }

        /// <summary>The message.</summary>
        public static ReadAgain Instance { get; } = new();
    }

    /// <summary>What the broker says of the log is waited for: ask it now.</summary>
    public sealed class ProbeWanted : INoSerializationVerificationNeeded
    {
        private ProbeWanted()
        {
        }

        /// <summary>The message.</summary>
        public static ProbeWanted Instance { get; } = new();
    }

    /// <summary>
    /// The broker will be asked where the log begins and ends: what is known by now must be in the answer.
    /// </summary>
    public sealed record ProbeBegins(long Number) : INoSerializationVerificationNeeded;

    /// <summary>Where the log begins and ends.</summary>
    /// <param name="Number">Which probe.</param>
    /// <param name="Log">What the broker said.</param>
    /// <param name="Written">Where the log ends when records of open transactions count.</param>
    /// <param name="At">When it was asked.</param>
    /// <param name="AskedAt">
    /// The same by the monotonic clock: a lane that met <see cref="ProbeBegins"/> only later may know more than the
    /// answer.
    /// </param>
    public sealed record ProbeAnswered(
        long Number, OffsetRange Log, long Written, DateTimeOffset At, TimeSpan AskedAt)
        : INoSerializationVerificationNeeded;

    /// <summary>The partition is being revoked: make durable what was read, and end.</summary>
    public sealed class Revoke : INoSerializationVerificationNeeded
    {
        private Revoke()
        {
        }

        /// <summary>The message.</summary>
        public static Revoke Instance { get; } = new();
    }

    /// <summary>The partition belongs to somebody else already: end at once.</summary>
    public sealed class Lost : INoSerializationVerificationNeeded
    {
        private Lost()
        {
        }

        /// <summary>The message.</summary>
        public static Lost Instance { get; } = new();
    }

    /// <summary>The topic is another one than that which was read: end at once.</summary>
    public sealed class SourceChanged : INoSerializationVerificationNeeded
    {
        private SourceChanged()
        {
        }

        /// <summary>The message.</summary>
        public static SourceChanged Instance { get; } = new();
    }

    /// <summary>The lane may not begin before an operator decides: the others do not wait for it.</summary>
    public sealed record Held(LaneId Lane) : INoSerializationVerificationNeeded;

    /// <summary>The lane has ended.</summary>
    public sealed record Ended(LaneId Lane, LaneEnd End) : INoSerializationVerificationNeeded;
}
