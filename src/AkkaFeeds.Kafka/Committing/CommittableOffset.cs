using Confluent.Kafka;

namespace AkkaFeeds.Kafka.Committing;

/// <summary>Where offsets of a consumer are committed.</summary>
internal interface IOffsetCommitter
{
    Task<CommitOutcome> Commit(TopicPartitionOffset offset, long lease);
}

internal sealed class CommittableOffset(IOffsetCommitter committer, GroupTopicPartitionOffset offset, long lease)
    : ICommittableOffset
{
    public GroupTopicPartitionOffset Offset { get; } = offset;

    public IOffsetCommitter Committer { get; } = committer;

    public Task<CommitOutcome> Commit() => Committer.Commit(
        new TopicPartitionOffset(
            Offset.TopicPartition, Offset.Offset, Offset.LeaderEpoch >= 0 ? Offset.LeaderEpoch : null),
        lease);
}
