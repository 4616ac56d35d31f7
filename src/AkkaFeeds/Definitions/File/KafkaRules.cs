namespace AkkaFeeds.Definitions.Files;

/// <summary>The rules of <c>kafka.brokers</c>.</summary>
internal static class KafkaRules
{
    public const string Embedded = "embedded";

    public static FeedsOptions WithBrokers(FeedsOptions options, IReadOnlyList<string> brokers) => options with
    {
        Kafka = options.Kafka with
        {
            Embedded = brokers.Contains(Embedded),
            Brokers = [.. brokers.Where(broker => broker != Embedded)],
        },
    };
}
