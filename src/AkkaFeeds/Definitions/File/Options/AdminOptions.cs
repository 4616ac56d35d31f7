namespace AkkaFeeds.Definitions.Files;

/// <summary>Section <c>admin</c>: health, metrics and the shell's port.</summary>
public sealed record AdminOptions
{
    /// <summary>Where the operator's port listens, as <c>http://host:port</c>; port 0 takes a free one.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:9120"];
}
