namespace AkkaFeeds.Definitions.Files;

/// <summary>Section <c>http</c>: the edge that browsers and programs use.</summary>
public sealed record HttpOptions
{
    /// <summary>Where the edge listens, as <c>http://host:port</c>; port 0 takes a free one. Other hosts than
    /// loopback need
    /// <c>auth</c>.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:8080"];

    /// <summary>
    /// The pages of other origins that may read and watch, as <c>scheme://host[:port]</c>, compared as they are. Those
    /// of the very address that is asked always may.
    /// </summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>
    /// All headers of a request, in bytes; 4 KiB to 1 MiB, default 32 KiB. More are refused (<c>too-large</c>).
    /// </summary>
    public long HeaderBytes { get; init; } = 32 * 1024;

    /// <summary>
    /// The target of a request, in bytes; 1 KiB to 1 MiB, default 192 KiB: a hundred of the longest keys, encoded.
    /// </summary>
    public long TargetBytes { get; init; } = 192 * 1024;

    /// <summary>
    /// The body of a request, in bytes; 1 KiB to 16 MiB, default 16 KiB. A larger one is refused (<c>too-large</c>).
    /// </summary>
    public long BodyBytes { get; init; } = 16 * 1024;

    /// <summary>
    /// How long the head of a request may take to come; 100 ms to 1 min, default 10 s. Then the connection ends (408).
    /// </summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a connection may wait between two requests; 1 s to 1 h, default 2 min. Then it ends.
    /// </summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The least bytes a second in which the body of a request has to come and an answer has to be taken; 1 to 1 MiB,
    /// default 240. What is slower for longer than <see cref="BodyGrace"/> ends.
    /// </summary>
    public long BodyRate { get; init; } = 240;

    /// <summary>
    /// How long a body may be slower than <see cref="BodyRate"/>; 2 s to 1 h, default 10 s.
    /// </summary>
    public TimeSpan BodyGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// After how long without a frame from the other end of a WebSocket or of an HTTP/2 connection it is asked for a
    /// sign of life; 1 s to 1 h, default 15 s.
    /// </summary>
    public TimeSpan Ping { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long the sign of life may take; 1 s to 1 h, default 15 s. Then the connection is cut.
    /// </summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The streams at once of one HTTP/2 connection; 1 to 1,000, default 100. Kestrel refuses one more, and ends a
    /// connection that goes on opening and resetting them.
    /// </summary>
    public int Streams { get; init; } = 100;

    /// <summary>
    /// How long the other end of a stream may acknowledge nothing; 1 s to 1 h, default 8 s. Then the connection is
    /// cut.
    /// </summary>
    public TimeSpan DeadPeer { get; init; } = TimeSpan.FromSeconds(8);
}
