namespace AkkaFeeds.Load;

/// <summary>What one stage did.</summary>
/// <param name="Records">How many records the time is about.</param>
/// <param name="Seconds">From the first record to the last.</param>
/// <param name="AllocatedBytes">On the managed heap of the process that did it, over the same span.</param>
/// <param name="CpuSeconds">Processor time of that process, over the same span.</param>
internal sealed record StageResult(long Records, double Seconds, double AllocatedBytes, double CpuSeconds)
{
    /// <summary>The mean checkpoint of a slot, milliseconds; only where there are checkpoints.</summary>
    public double? CheckpointMilliseconds { get; init; }

    /// <summary>How many checkpoints of slots there were.</summary>
    public double? Checkpoints { get; init; }

    /// <summary>From the first record until Kafka's group has committed the last, which is behind the store.</summary>
    public double? DurableSeconds { get; init; }

    /// <summary>Why the figure means nothing; null where it does.</summary>
    public string? Wrong { get; init; }

    /// <summary>Records a second.</summary>
    public double Rate => Records / Seconds;
}
