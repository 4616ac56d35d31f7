using System.Collections.Concurrent;
using AkkaFeeds.Kafka;
using Confluent.Kafka;

namespace AkkaFeeds.Tests.Kafka;

/// <summary>Keeps what a consumer told, as short sentences.</summary>
internal sealed class RecordedEvents : IConsumerEvents
{
    private readonly ConcurrentQueue<string> seen = new();

    public IReadOnlyCollection<string> Seen => seen;

    public void OnError(Error error) => seen.Enqueue($"error {error.Code}");

    public void OnPartitionError(TopicPartition partition, Error error) =>
        seen.Enqueue($"partition {partition} {error.Code}");

    public void OnOffsetOutOfRange(TopicPartition partition, long offset) =>
        seen.Enqueue($"out of range {partition} {offset}");

    public void OnCommitFailed(CommitFailure failure) => seen.Enqueue($"commit {failure.Kind} {failure.Error.Code}");

    public void OnHookFailed(string hook, Exception error) => seen.Enqueue($"hook {hook}: {error.Message}");
}
