namespace AkkaFeeds.Definitions.Files;

/// <summary>Section <c>slow</c>.</summary>
public sealed record SlowOptions
{
    /// <summary>
    /// How long a socket may take no byte while some are pending; 1 s to 1 h, default 30 s. Then the client is closed
    /// (4008).
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
