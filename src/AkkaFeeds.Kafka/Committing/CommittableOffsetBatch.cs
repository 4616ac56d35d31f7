using System.Collections.Immutable;
using AkkaFeeds.Kafka.Committing;
using Confluent.Kafka;

namespace AkkaFeeds.Kafka;

/// <summary>Collects offsets to commit them together.</summary>
public static class CommittableOffsetBatch
{
    /// <summary>A batch without offsets; its commit does nothing.</summary>
    public static ICommittableOffsetBatch Empty { get; } =
        new OffsetBatch(0, ImmutableDictionary<(IOffsetCommitter?, TopicPartition), ICommittableOffset>.Empty);

    /// <summary>A batch of the given offsets.</summary>
    public static ICommittableOffsetBatch Create(IEnumerable<ICommittable> offsets)
    {
        ArgumentNullException.ThrowIfNull(offsets);
        return offsets.Aggregate(Empty, (batch, offset) => batch.Updated(offset));
    }

    private sealed class OffsetBatch(
        long size, ImmutableDictionary<(IOffsetCommitter?, TopicPartition), ICommittableOffset> latest)
            : ICommittableOffsetBatch
    {
        public long BatchSize => size;

        public IImmutableSet<ICommittableOffset> Offsets => latest.Values.ToImmutableHashSet();

        public ICommittableOffsetBatch Updated(ICommittable offset) => offset switch
        {
            ICommittableOffset single => new OffsetBatch(size + 1, latest.SetItem(KeyOf(single), single)),
            ICommittableOffsetBatch batch => new OffsetBatch(
                size + batch.BatchSize,
                latest.SetItems(batch.Offsets.Select(each => KeyValuePair.Create(KeyOf(each), each)))),
            _ => throw new ArgumentException($"{offset.GetType()} is neither an offset nor a batch", nameof(offset)),
        };

        public async Task<CommitOutcome> Commit()
        {
            // The consumer's committer joins what waits for it into one request.
            var outcomes = await Task.WhenAll(latest.Values.Select(each => each.Commit())).ConfigureAwait(false);
            return outcomes.Length == 0 ? CommitOutcome.Committed : outcomes.Max();
        }

        // The same partition of two consumers (of two groups) is two positions.
        private static (IOffsetCommitter?, TopicPartition) KeyOf(ICommittableOffset offset) =>
            ((offset as CommittableOffset)?.Committer, offset.Offset.TopicPartition);
    }
}
