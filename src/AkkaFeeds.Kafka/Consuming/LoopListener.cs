namespace AkkaFeeds.Kafka.Consuming;

/// <summary>
/// What the stage wants to hear from the poll thread. Both are async callbacks of the stage: they return at once.
/// </summary>
/// <param name="Offered">A partition waits for a reader.</param>
/// <param name="Stopped">The consumer is closed; the failure, if it did not end by request.</param>
internal sealed record LoopListener<TKey,
    TValue>(Action<PartitionLease<TKey, TValue>> Offered, Action<Exception?> Stopped);
