namespace AkkaFeeds.Definitions.Files;

/// <summary>Section <c>checkpoint</c>.</summary>
public sealed record CheckpointOptions
{
    /// <summary>The time between two checkpoints of a slot; 10 ms to 1 h, default 1 s. It is stretched, visibly, when
    /// a
    /// checkpoint takes longer than half of it.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(1);
}
