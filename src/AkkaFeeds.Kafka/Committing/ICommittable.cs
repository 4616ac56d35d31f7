using System.Collections.Immutable;
using Confluent.Kafka;

namespace AkkaFeeds.Kafka;

/// <summary>Something that can be committed.</summary>
public interface ICommittable
{
    /// <summary>
    /// Commits. The task never fails on account of Kafka: a commit of a lease that has ended is dropped, one that
    /// failed is
    /// counted and told to <see cref="IConsumerEvents.OnCommitFailed"/>.
    /// </summary>
    Task<CommitOutcome> Commit();
}

/// <summary>An offset of one partition that can be committed.</summary>
public interface ICommittableOffset : ICommittable
{
    /// <summary>The group, the partition and the offset (the next one to read).</summary>
    GroupTopicPartitionOffset Offset { get; }
}

/// <summary>The latest offsets of several partitions, committed in one request a consumer.</summary>
public interface ICommittableOffsetBatch : ICommittable
{
    /// <summary>How many offsets have been put into the batch.</summary>
    long BatchSize { get; }

    /// <summary>The latest offset of each partition.</summary>
    IImmutableSet<ICommittableOffset> Offsets { get; }

    /// <summary>The batch with one more offset; of one partition the later call counts.</summary>
    ICommittableOffsetBatch Updated(ICommittable offset);
}

/// <summary>A group's position in a partition.</summary>
/// <param name="GroupId">The group; empty where the consumer has none.</param>
/// <param name="TopicPartition">The partition.</param>
/// <param name="Offset">The next offset to read.</param>
/// <param name="LeaderEpoch">The leader epoch of the last record read, or -1.</param>
public sealed record GroupTopicPartitionOffset(
    string GroupId, TopicPartition TopicPartition, long Offset, int LeaderEpoch);

/// <summary>What became of a commit.</summary>
public enum CommitOutcome
{
    /// <summary>The broker has it, or a later one of the same lease.</summary>
    Committed,

    /// <summary>The partition was no longer ours; dropped.</summary>
    NotOwner,

    /// <summary>It failed for good; <see cref="IConsumerEvents.OnCommitFailed"/> says why.</summary>
    Failed,
}

/// <summary>A commit that will not be tried again.</summary>
/// <param name="Offset">What was to be committed.</param>
/// <param name="Kind">Whose failure it was.</param>
/// <param name="Error">The client's error.</param>
public sealed record CommitFailure(TopicPartitionOffset Offset, CommitFailureKind Kind, Error Error);

/// <summary>Classes of commit errors.</summary>
public enum CommitFailureKind
{
    /// <summary>The broker was busy, away or moving; all retries failed.</summary>
    Retriable,

    /// <summary>The group has moved on without this member.</summary>
    NotOwner,

    /// <summary>Anything else: not allowed, too large, unknown.</summary>
    Fatal,
}
