namespace AkkaFeeds.Definitions.Files;

/// <summary>Section <c>top</c>.</summary>
public sealed record TopOptions
{
    /// <summary>The distinct items of one <c>top</c> in one key; 1 to 10,000,000, default 10,000. A record that would
    /// add one more is
    /// quarantined (<c>limit</c>).</summary>
    public int Items { get; init; } = 10_000;
}
