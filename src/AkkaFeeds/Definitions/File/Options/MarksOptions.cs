namespace AkkaFeeds.Definitions.Files;

/// <summary>Section <c>marks</c>.</summary>
public sealed record MarksOptions
{
    /// <summary>The least time between two marks to one client; 50 ms to 1 m, default 500 ms.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMilliseconds(500);
}
