namespace AkkaFeeds.Telemetry;

/// <summary>How far a record has come; each stage counts from when Kafka says that the record was created.</summary>
public enum FreshnessStage : byte
{
    /// <summary>From the event to Kafka's append; only where the topic's timestamps are the broker's.</summary>
    Produce,

    /// <summary>To its lane, which has decoded and classified it.</summary>
    Ingest,

    /// <summary>To the relay of a node that watches its key, which shows it to that node's clients.</summary>
    Publish,

    /// <summary>To the write to a client's connection.</summary>
    Write,

    /// <summary>To the paint on a client's screen, by what the client answers to marks.</summary>
    Render,
}
