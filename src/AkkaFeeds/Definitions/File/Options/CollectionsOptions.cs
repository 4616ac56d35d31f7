namespace AkkaFeeds.Definitions.Files;

/// <summary>Section <c>collections</c>.</summary>
public sealed record CollectionsOptions
{
    /// <summary>
    /// The distinct collection queries of a feed on a node; 1 to 10,000, default 64. One more is refused
    /// (<c>limit</c>).
    /// </summary>
    public int PerFeed { get; init; } = 64;
}
