namespace AkkaFeeds.Definitions.Files;

/// <summary>Section <c>http</c>: the edge that browsers and programs use.</summary>
public sealed record HttpOptions
{
    /// <summary>Where the edge listens, as <c>http://host:port</c>; port 0 takes a free one. Other hosts than
    /// loopback need
    /// <c>auth</c>.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:8080"];

    /// <summary>
    /// The pages that may open a WebSocket, as <c>scheme://host[:port]</c>, compared as they are; empty for those that
    /// this address serves.
    /// </summary>
    public IReadOnlyList<string> Origins { get; init; } = [];
}
