namespace AkkaFeeds.Load;

/// <summary>What the driver counted between its two instants.</summary>
internal sealed record DriverResult
{
    /// <summary>How long it counted.</summary>
    public double Seconds { get; init; }

    /// <summary>Its own processor time meanwhile.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>Frames with new data for a key.</summary>
    public long Deliveries { get; init; }

    /// <summary>Records that these told, merged ones too; counted only where frames are checked.</summary>
    public long Updates { get; init; }

    /// <summary>Snapshots after the first ones.</summary>
    public long Snapshots { get; init; }

    /// <summary>Marks.</summary>
    public long Marks { get; init; }

    /// <summary>Progress, state and other frames.</summary>
    public long Others { get; init; }

    /// <summary>Bytes read, frame heads included.</summary>
    public long Bytes { get; init; }

    /// <summary>Calls of recv: how many frames came in one.</summary>
    public long Reads { get; init; }

    /// <summary>Connections that the server closed.</summary>
    public long Closed { get; init; }

    /// <summary>Frames that break the protocol.</summary>
    public long Violations { get; init; }

    /// <summary>Errors that the server sent.</summary>
    public long Errors { get; init; }

    /// <summary>The sum of the counts that all connections hold at the end.</summary>
    public long Held { get; init; }

    /// <summary>What is held of each key at the end, by index; only where frames are checked.</summary>
    public IReadOnlyList<DriverKey> Keys { get; init; } = [];

    /// <summary>What came of a storm; null where there was none.</summary>
    public DriverStorm? Storm { get; init; }

    /// <summary>From the instant in the data to its being read, of those that read as fast as they can.</summary>
    public required DriverLatency Latency { get; init; }

    /// <summary>The same, of the slow ones.</summary>
    public required DriverLatency Slow { get; init; }
}
