namespace AkkaFeeds.Definitions.Files;

/// <summary>Section <c>ids</c>.</summary>
public sealed record IdsOptions
{
    /// <summary>The identities that one key remembers for corrections; 1 to 100,000,000, default 100,000.</summary>
    public int Keep { get; init; } = 100_000;
}
