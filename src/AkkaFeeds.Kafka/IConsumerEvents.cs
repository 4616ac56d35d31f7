using Confluent.Kafka;

namespace AkkaFeeds.Kafka;

/// <summary>
/// What happens to a consumer apart from its records. Called on the poll or the commit thread: return at once. What
/// it throws
/// is ignored. Each method does nothing unless implemented.
/// </summary>
public interface IConsumerEvents
{
    /// <summary>
    /// An error of the client (a broker down, a topic unknown). The client goes on by itself unless it is fatal.
    /// </summary>
    void OnError(Error error)
    {
    }

    /// <summary>An error of one partition other than its offset out of range.</summary>
    void OnPartitionError(TopicPartition partition, Error error)
    {
    }

    /// <summary>
    /// The log no longer (or not yet) has the offset. The partition's stream fails; a seek offers it again.
    /// </summary>
    void OnOffsetOutOfRange(TopicPartition partition, long offset)
    {
    }

    /// <summary>A commit that will not be tried again; the streams go on.</summary>
    void OnCommitFailed(CommitFailure failure)
    {
    }

    /// <summary>A hook of the user threw or missed its deadline; the rebalance went on.</summary>
    void OnHookFailed(string hook, Exception error)
    {
    }

    /// <summary>librdkafka's statistics as JSON, each <c>statistics.interval.ms</c>.</summary>
    void OnStatistics(string json)
    {
    }

    /// <summary>A line of librdkafka's own log.</summary>
    void OnLog(LogMessage message)
    {
    }
}

internal sealed class NoConsumerEvents : IConsumerEvents
{
    public static readonly NoConsumerEvents Instance = new();

    private NoConsumerEvents()
    {
    }
}
