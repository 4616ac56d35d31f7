using AkkaFeeds.Kafka;

namespace AkkaFeeds.Ingest;

/// <summary>How this node reaches Kafka.</summary>
/// <param name="Brokers">host:port, several by comma.</param>
/// <param name="Group">The consumer group.</param>
/// <param name="Properties">Further librdkafka settings of the file.</param>
/// <param name="Failure">Ends the process, for what only an operator can mend.</param>
internal sealed record IngestSettings(
    string Brokers, string Group, IReadOnlyDictionary<string, string> Properties, ProcessFailure Failure)
{
    // A member learns by its heartbeat that another one has left: until then the partitions of a node that stops are
    // read by nobody.
    private const string HeartbeatMilliseconds = "500";

    /// <summary>The consumers' settings, without a group.</summary>
    public ConsumerSettings<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> Consumer { get; } =
        ConsumerSettings.Raw().WithBootstrapServers(Brokers)
            .WithProperty("heartbeat.interval.ms", HeartbeatMilliseconds).WithProperties(Properties);

    /// <summary>
    /// The settings of a new member of the group. It has a name that nobody had before, so that it can join again as
    /// itself after a broker's absence that was longer than its session, and waits for nobody (docs/adr/0011).
    /// </summary>
    public ConsumerSettings<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> Member() =>
        Consumer.WithGroupId(Group).WithGroupInstanceId($"{Group}-{Guid.NewGuid():n}", leavesOnClose: true);
}
