using System.Collections.Immutable;
using Confluent.Kafka;

namespace AkkaFeeds.Kafka;

/// <summary>What a consumer reads; made by <see cref="Subscriptions"/>.</summary>
public interface ISubscription;

/// <summary>Partitions that the group assigns.</summary>
public interface IAutoSubscription : ISubscription
{
    /// <summary>Tells a handler of the changes of the assignment.</summary>
    IAutoSubscription WithPartitionEventsHandler(IPartitionEventHandler handler);
}

/// <summary>Partitions that the caller assigns; no group is joined.</summary>
public interface IManualSubscription : ISubscription;

/// <summary>What a consumer reads.</summary>
public static class Subscriptions
{
    /// <summary>Topics whose partitions the group assigns.</summary>
    public static IAutoSubscription Topics(params string[] topics) => Topics(topics.ToImmutableHashSet());

    /// <summary>Topics whose partitions the group assigns.</summary>
    public static IAutoSubscription Topics(IImmutableSet<string> topics)
    {
        ArgumentNullException.ThrowIfNull(topics);
        return topics.Count > 0 ? new TopicSubscription(topics, null)
            : throw new ArgumentException("no topic", nameof(topics));
    }

    /// <summary>Partitions from the offsets committed for the group id of the settings.</summary>
    public static IManualSubscription Assignment(params TopicPartition[] partitions) =>
        AssignmentWithOffset([.. partitions.Select(each => new TopicPartitionOffset(each, Offset.Unset))]);

    /// <summary>
    /// Partitions from given offsets; also <see cref="Offset.Beginning"/> and <see cref="Offset.End"/>.
    /// </summary>
    public static IManualSubscription AssignmentWithOffset(params TopicPartitionOffset[] partitions)
    {
        ArgumentNullException.ThrowIfNull(partitions);
        return partitions.Length > 0
            ? new AssignedSubscription([.. partitions])
            : throw new ArgumentException("no partition", nameof(partitions));
    }
}

internal sealed record TopicSubscription(IImmutableSet<string> Topics, IPartitionEventHandler? Handler)
    : IAutoSubscription
{
    public IAutoSubscription WithPartitionEventsHandler(IPartitionEventHandler handler) =>
        this with { Handler = handler };
}

internal sealed record AssignedSubscription(ImmutableArray<TopicPartitionOffset> Partitions) : IManualSubscription;
