namespace AkkaFeeds.Kafka;

/// <summary>What a consumer counts; a snapshot.</summary>
public sealed record ConsumerMetrics
{
    /// <summary>Bytes of records polled and not yet taken by their streams.</summary>
    public required long BytesHeld { get; init; }

    /// <summary>
    /// The highest <see cref="BytesHeld"/> so far; never above the buffer option (but for a single larger record).
    /// </summary>
    public required long BytesHeldMax { get; init; }

    /// <summary>Records polled and taken into a batch.</summary>
    public required long RecordsRead { get; init; }

    /// <summary>Records dropped because their partition was not assigned, not positioned yet, or rewound.</summary>
    public required long RecordsDropped { get; init; }

    /// <summary>
    /// How often a partition was paused because its buffer was full and its reader did not take anything.
    /// </summary>
    public required long Pauses { get; init; }

    /// <summary>Commits that failed for good; <see cref="IConsumerEvents.OnCommitFailed"/> said why.</summary>
    public required long CommitFailures { get; init; }

    /// <summary>Commits dropped because their lease had ended.</summary>
    public required long CommitsDropped { get; init; }

    /// <summary>How often an implementation of <see cref="IConsumerEvents"/> threw.</summary>
    public required long HookFailures { get; init; }

    /// <summary>The longest time between two polls so far.</summary>
    public required TimeSpan LongestPollGap { get; init; }

    /// <summary>Time since the last poll: the watchdog of the poll thread.</summary>
    public required TimeSpan SinceLastPoll { get; init; }
}
