namespace AkkaFeeds.Definitions.Files;

/// <summary>Section <c>http</c>: the edge that browsers and programs use.</summary>
public sealed record HttpOptions
{
    /// <summary>Where the edge listens, as <c>http://host:port</c>; port 0 takes a free one. Other hosts than
    /// loopback need
    /// <c>auth</c>.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:8080"];
}
