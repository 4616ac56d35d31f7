using System.Collections.Immutable;
using Akka;
using Akka.Streams.Dsl;
using AkkaFeeds.Kafka.Committing;
using AkkaFeeds.Kafka.Consuming;
using AkkaFeeds.Kafka.Stages;
using Confluent.Kafka;

namespace AkkaFeeds.Kafka;

/// <summary>
/// Sources of the records of Kafka. Their elements are batches of consecutive records of one partition: up to
/// <see cref="ConsumerSettings{TKey,TValue}.BatchRecords"/>, fewer when nothing more has arrived.
/// </summary>
public static class KafkaConsumer
{
    /// <summary>
    /// A source a partition that the group assigns, from the group's committed offset. A source completes when its
    /// partition is
    /// revoked or lost; one that is cancelled before that is emitted again, and goes on with the next batch.
    /// </summary>
    public static Source<(TopicPartition Partition, Source<CommittableBatch<TKey, TValue>, NotUsed> Batches),
        IConsumerControl>
        CommittablePartitionedSource<TKey,
        TValue>(ConsumerSettings<TKey, TValue> settings, IAutoSubscription subscription) =>
        Partitioned(settings, subscription, null, null, Committable);

    /// <summary>
    /// The same from offsets of the caller's. A partition is paused, and its records are dropped, until the task
    /// gives its offset;
    /// one that is not in the answer waits for a seek.
    /// </summary>
    /// <param name="settings">The consumer.</param>
    /// <param name="subscription">What it reads.</param>
    /// <param name="getOffsetsOnAssign">Asked at each assignment, away from the poll thread. If it fails, the streams
    /// of these partitions do.</param>
    /// <param name="onRevoke">Awaited inside the revoke up to the revoke timeout: drain and commit here.</param>
    /// <param name="onLost">The partitions have gone without a revoke: nothing can be committed.</param>
    public static Source<(TopicPartition Partition, Source<CommittableBatch<TKey, TValue>, NotUsed> Batches),
        IConsumerControl>
        CommittablePartitionedManualOffsetSource<TKey, TValue>(
            ConsumerSettings<TKey, TValue> settings,
            IAutoSubscription subscription,
            Func<IImmutableSet<TopicPartition>, Task<IImmutableSet<TopicPartitionOffset>>> getOffsetsOnAssign,
            Func<IImmutableSet<TopicPartition>, Task>? onRevoke = null,
            Action<IImmutableSet<TopicPartition>>? onLost = null)
    {
        ArgumentNullException.ThrowIfNull(getOffsetsOnAssign);
        var handler = onRevoke is null && onLost is null ? null : new PartitionEventHandler(onRevoke, onLost);
        return Partitioned(settings, subscription, handler, new OffsetsOnAssign(getOffsetsOnAssign), Committable);
    }

    /// <summary>As <see cref="CommittablePartitionedSource"/>, for those who never commit.</summary>
    public static Source<(TopicPartition Partition, Source<RecordBatch<TKey, TValue>, NotUsed> Batches),
        IConsumerControl>
        PlainPartitionedSource<TKey,
        TValue>(ConsumerSettings<TKey, TValue> settings, IAutoSubscription subscription) =>
        Partitioned<TKey, TValue, RecordBatch<TKey, TValue>>(settings, subscription, null, null, _ => batch => batch);

    /// <summary>As <see cref="CommittablePartitionedManualOffsetSource"/>, for those who never commit.</summary>
    public static Source<(TopicPartition Partition, Source<RecordBatch<TKey, TValue>, NotUsed> Batches),
        IConsumerControl>
        PlainPartitionedManualOffsetSource<TKey, TValue>(
            ConsumerSettings<TKey, TValue> settings,
            IAutoSubscription subscription,
            Func<IImmutableSet<TopicPartition>, Task<IImmutableSet<TopicPartitionOffset>>> getOffsetsOnAssign,
            Func<IImmutableSet<TopicPartition>, Task>? onRevoke = null,
            Action<IImmutableSet<TopicPartition>>? onLost = null)
    {
        ArgumentNullException.ThrowIfNull(getOffsetsOnAssign);
        var handler = onRevoke is null && onLost is null ? null : new PartitionEventHandler(onRevoke, onLost);
        return Partitioned<TKey, TValue, RecordBatch<TKey, TValue>>(
            settings, subscription, handler, new OffsetsOnAssign(getOffsetsOnAssign), _ => batch => batch);
    }

    /// <summary>The batches of all partitions in one source. It fails with the first partition that fails.</summary>
    public static Source<CommittableBatch<TKey, TValue>, IConsumerControl> CommittableSource<TKey, TValue>(
        ConsumerSettings<TKey, TValue> settings, ISubscription subscription) =>
            Merged(settings, subscription, Committable);

    /// <summary>The same for those who never commit: usually with partitions assigned by the caller.</summary>
    public static Source<RecordBatch<TKey, TValue>, IConsumerControl> PlainSource<TKey, TValue>(
        ConsumerSettings<TKey, TValue> settings, ISubscription subscription) =>
        Merged<TKey, TValue, RecordBatch<TKey, TValue>>(settings, subscription, _ => batch => batch);

    private static Source<(TopicPartition, Source<T, NotUsed>), IConsumerControl> Partitioned<TKey, TValue, T>(
        ConsumerSettings<TKey, TValue> settings, ISubscription subscription, IPartitionEventHandler? handler,
        OffsetsOnAssign? offsets, Func<ConsumerLoop<TKey, TValue>, Func<RecordBatch<TKey, TValue>, T>> wrap)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(subscription);
        return Source.FromGraph(new PartitionedStage<TKey, TValue, T>(
            () => new(settings, subscription, handler, offsets), wrap, settings.CloseTimeout));
    }

    private static Source<T, IConsumerControl> Merged<TKey, TValue, T>(
        ConsumerSettings<TKey, TValue> settings, ISubscription subscription,
        Func<ConsumerLoop<TKey, TValue>, Func<RecordBatch<TKey, TValue>, T>> wrap)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(subscription);
        return Source.FromGraph(new MergedStage<TKey, TValue, T>(
            () => new(settings, subscription, null, null), wrap, settings.CloseTimeout));
    }

    private static Func<RecordBatch<TKey, TValue>, CommittableBatch<TKey, TValue>> Committable<TKey, TValue>(
        ConsumerLoop<TKey, TValue> loop)
    {
        loop.ExpectsCommits = true;
        return batch =>
        {
            var position = new GroupTopicPartitionOffset(
                loop.GroupId, batch.TopicPartition, batch.NextOffset, batch.NextLeaderEpoch);
            return new(batch, new CommittableOffset(loop.Commits, position, batch.Lease));
        };
    }
}
