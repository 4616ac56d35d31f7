namespace AkkaFeeds.Kafka;

/// <summary>A batch with the offset that commits it.</summary>
/// <param name="Batch">The records.</param>
/// <param name="CommittableOffset">Commits everything up to and including the batch.</param>
public sealed record CommittableBatch<TKey,
    TValue>(RecordBatch<TKey, TValue> Batch, ICommittableOffset CommittableOffset);
