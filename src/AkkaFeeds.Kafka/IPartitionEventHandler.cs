using System.Collections.Immutable;
using Confluent.Kafka;

namespace AkkaFeeds.Kafka;

/// <summary>
/// What a group does to the assignment. Called on the poll thread, inside the rebalance. What it throws goes to
/// <see cref="IConsumerEvents.OnHookFailed"/>; it never hinders the rebalance or the close.
/// </summary>
public interface IPartitionEventHandler
{
    /// <summary>The partitions are ours now; their sub-sources follow.</summary>
    void OnAssign(IImmutableSet<TopicPartition> partitions)
    {
    }

    /// <summary>
    /// The partitions are to be given away in order: nothing more of them is emitted, but they can still be committed
    /// until the
    /// task completes or the revoke timeout is over. Do not block; return a task.
    /// </summary>
    Task OnRevoke(IImmutableSet<TopicPartition> partitions) => Task.CompletedTask;

    /// <summary>The partitions are somebody else's already: nothing can be committed.</summary>
    void OnLost(IImmutableSet<TopicPartition> partitions)
    {
    }
}

internal sealed class PartitionEventHandler(
    Func<IImmutableSet<TopicPartition>, Task>? onRevoke, Action<IImmutableSet<TopicPartition>>? onLost)
        : IPartitionEventHandler
{
    public Task OnRevoke(IImmutableSet<TopicPartition> partitions) => onRevoke?.Invoke(partitions)
        ?? Task.CompletedTask;

    public void OnLost(IImmutableSet<TopicPartition> partitions) => onLost?.Invoke(partitions);
}
