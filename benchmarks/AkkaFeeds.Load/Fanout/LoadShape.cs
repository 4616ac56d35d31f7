namespace AkkaFeeds.Load;

/// <summary>
/// What is asked of a server: who watches what, how often it changes, and for how long that is measured.
/// </summary>
internal sealed record LoadShape
{
    /// <summary>WebSocket connections.</summary>
    public required int Connections { get; init; }

    /// <summary>Keys that each of them watches.</summary>
    public int Subscriptions { get; init; } = 1;

    /// <summary>Keys in all; a multiple of <see cref="Subscriptions"/>.</summary>
    public int Keys { get; init; } = 1;

    /// <summary>Changes of keys a second, each of a key taken at random.</summary>
    public required double UpdatesPerSecond { get; init; }

    /// <summary>So many of the connections read slowly.</summary>
    public int SlowConnections { get; init; }

    /// <summary>The bytes a second that each of these reads.</summary>
    public int SlowBytesPerSecond { get; init; } = 1_000;

    /// <summary>Clients say hello and answer marks.</summary>
    public bool Marks { get; init; }

    /// <summary>How clients of ours are connected: <c>ws</c>, <c>sse</c> or <c>graphql</c>.</summary>
    public string Transport { get; init; } = "ws";

    /// <summary>The driver compares base, version and key of every frame, at some processor time of its own.</summary>
    public bool Check { get; init; }

    /// <summary>
    /// So many of the connections are left alone while all others are reset at once; null where none is reset.
    /// </summary>
    public int? Staying { get; init; }

    /// <summary>The time between all subscribed and the first count.</summary>
    public required TimeSpan Warm { get; init; }

    /// <summary>The time that is measured.</summary>
    public required TimeSpan Measured { get; init; }

    /// <summary>Frames a second, if no two updates of a key are merged.</summary>
    public double DeliveriesPerSecond => UpdatesPerSecond * Connections * Subscriptions / Keys;
}
