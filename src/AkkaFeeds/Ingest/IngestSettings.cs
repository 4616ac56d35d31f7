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
    /// <summary>The consumers' settings, without a group.</summary>
    public ConsumerSettings<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> Consumer { get; } =
        ConsumerSettings.Raw().WithBootstrapServers(Brokers).WithProperties(Properties);
}
