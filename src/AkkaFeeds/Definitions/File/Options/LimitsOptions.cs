namespace AkkaFeeds.Definitions.Files;

/// <summary>Section <c>limits</c>: what one client may take.</summary>
public sealed record LimitsOptions
{
    /// <summary>
    /// The subscriptions of a connection; 1 to 100,000, default 128. One more is refused (<c>limit</c>).
    /// </summary>
    public int Subscriptions { get; init; } = 128;

    /// <summary>
    /// The largest frame from a client, in bytes; 1 KiB to 16 MiB, default 16 KiB. A larger one closes (1009).
    /// </summary>
    public long FrameBytes { get; init; } = 16 * 1024;

    /// <summary>
    /// The frames a second that a connection may send in the long run; 1 to 100,000, default 100. Four times as many
    /// may come at once, or two for each subscription that it may have. More are dropped (<c>rate</c>), and who goes
    /// on is closed (4009).
    /// </summary>
    public int Commands { get; init; } = 100;

    /// <summary>
    /// The bytes after which a write to a client takes no further view, which the next write does; 1 KiB to 16 MiB,
    /// default 64 KiB.
    /// </summary>
    public long WriteBytes { get; init; } = 64 * 1024;

    /// <summary>
    /// The bytes of answers (to commands, pings and marks) that may wait for a client that asks and does not read; 4
    /// KiB to 16 MiB, default 256 KiB. Beyond them it is closed (4008).
    /// </summary>
    public long UnreadBytes { get; init; } = 256 * 1024;

    /// <summary>The connections of a node; 1 to 1,000,000, default 10,000. One more is closed (4011).</summary>
    public int Connections { get; init; } = 10_000;

    /// <summary>
    /// The streams (WebSocket, SSE, GraphQL) a second that a node lets in, in the long run; 1 to 1,000,000, default
    /// 800. A fifth of it may come at once. One more waits for up to 2.5 s, or is told when to come back (4011, or
    /// 503).
    /// </summary>
    public int ConnectionRate { get; init; } = 800;

    /// <summary>
    /// The streams (WebSocket, SSE, GraphQL) at once of one address; 0 to 1,000,000, default 0: any number, because
    /// all clients behind one proxy have its address. One more is told when to come back (4011, or 503).
    /// </summary>
    public int ConnectionsPerAddress { get; init; }

    /// <summary>
    /// The long polls (<c>?wait=</c>) that a node holds at once; 0 to 1,000,000, default 10,000. One more is told when
    /// to come back (503).
    /// </summary>
    public int LongPolls { get; init; } = 10_000;

    /// <summary>
    /// The blank keys that a connection may watch; 0 to 100,000, default 64. One more is refused (<c>limit</c>).
    /// </summary>
    public int BlankKeys { get; init; } = 64;

    /// <summary>The blank keys that a tenant may watch on a node; 0 to 10,000,000, default 10,000.</summary>
    public int BlankKeysPerTenant { get; init; } = 10_000;
}
