namespace AkkaFeeds.Definitions.Files;

/// <summary>Section <c>kafka</c>: the log that everything is read from.</summary>
public sealed record KafkaOptions
{
    /// <summary>The brokers as <c>host:port</c>; empty where <see cref="Embedded"/>.</summary>
    public IReadOnlyList<string> Brokers { get; init; } = [];

    /// <summary>Whether the process runs a Kafka of its own, which forgets when it stops.</summary>
    public bool Embedded { get; init; }

    /// <summary>
    /// The consumer group, 1 to 255 characters; default <c>akkafeeds</c>. The progress in it is for Kafka's tools.
    /// </summary>
    public string Group { get; init; } = "akkafeeds";

    /// <summary>Settings of librdkafka by name, handed on as they are. Values may be secrets: print them only through
    /// <see cref="Secrets.Mask"/>.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>The schema registry's URL; null for none. No format of this release reads it.</summary>
    public Uri? SchemaRegistryUrl { get; init; }

    /// <summary>
    /// Names the brokers and the group, and the names alone of properties, whose values may be secrets.
    /// </summary>
    public override string ToString() =>
        $"kafka {(Embedded ? "embedded" : string.Join(',', Brokers))} group {Group} "
        + $"properties [{string.Join(", ", Properties.Keys)}]";
}
