using Akka;
using Akka.Streams.Dsl;

namespace AkkaFeeds.Kafka;

/// <summary>
/// Flows that commit. A commit that fails, is slow, or is of a partition that has moved away never fails them: only
/// the
/// commit lag grows, and <see cref="IConsumerEvents"/> and <see cref="ConsumerMetrics"/> say so.
/// </summary>
public static class Committer
{
    /// <summary>Commits in batches and emits <see cref="Done"/> after each.</summary>
    public static Flow<ICommittable, Done, NotUsed> Flow(CommitterSettings settings) =>
        BatchFlow(settings).Select(_ => Done.Instance);

    /// <summary>Commits in batches and emits each batch after its commit.</summary>
    public static Flow<ICommittable, ICommittableOffsetBatch, NotUsed> BatchFlow(CommitterSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return Akka.Streams.Dsl.Flow.Create<ICommittable>()
            .GroupedWithin(settings.MaxBatch, settings.MaxInterval)
            .Select(CommittableOffsetBatch.Create)
            .SelectAsync(settings.Parallelism, CommitOf);
    }

    /// <summary>Commits in batches; completes after the last one.</summary>
    public static Sink<ICommittable, Task<Done>> Sink(CommitterSettings settings) =>
        Flow(settings).ToMaterialized(Akka.Streams.Dsl.Sink.Ignore<Done>(), Keep.Right);

    private static async Task<ICommittableOffsetBatch> CommitOf(ICommittableOffsetBatch batch)
    {
        await batch.Commit().ConfigureAwait(false);
        return batch;
    }
}
