namespace AkkaFeeds.Harness;

/// <summary>What a checker has to know of the server and of the connection that it watches.</summary>
public sealed record FrameRules
{
    /// <summary>The server's option <c>marks.every</c>.</summary>
    public TimeSpan MarksEvery { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often <c>progress</c> comes.</summary>
    public TimeSpan ProgressEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How much later than promised something may be seen, for the scheduling of both processes.</summary>
    public TimeSpan Slack { get; init; } = TimeSpan.Zero;

    /// <summary>
    /// How long a frame may have waited between the server's write and the reader; null for a slow reader, whose
    /// instants of receipt say nothing about when a frame was written.
    /// </summary>
    public TimeSpan? ReadLag { get; init; } = TimeSpan.Zero;

    /// <summary>How many frames of one key or collection may come at once under a rate.</summary>
    public int Burst { get; init; } = 4;

    /// <summary>Whether <c>auth</c> is configured: then errors may come before the welcome.</summary>
    public bool Authenticates { get; init; }

    /// <summary>The server's own description of its frames; null where only the checker's own is used.</summary>
    public FrameSchema? Schema { get; init; }
}
