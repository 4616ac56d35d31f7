namespace AkkaFeeds.Kafka;

/// <summary>How offsets are gathered into commits.</summary>
public sealed record CommitterSettings
{
    private CommitterSettings()
    {
    }

    /// <summary>Offsets gathered before a commit. Default 1,000.</summary>
    public int MaxBatch { get; private init; } = 1_000;

    /// <summary>How long offsets are gathered at most. Default 1 s.</summary>
    public TimeSpan MaxInterval { get; private init; } = TimeSpan.FromSeconds(1);

    /// <summary>Commits in flight at most. Default 1; a consumer joins further ones anyway.</summary>
    public int Parallelism { get; private init; } = 1;

    /// <summary>The defaults.</summary>
    public static CommitterSettings Create() => new();

    /// <summary>See <see cref="MaxBatch"/>; 1 or more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public CommitterSettings WithMaxBatch(int offsets)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(offsets, 1);
        return this with { MaxBatch = offsets };
    }

    /// <summary>See <see cref="MaxInterval"/>; above zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Zero or below.</exception>
    public CommitterSettings WithMaxInterval(TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        return this with { MaxInterval = interval };
    }

    /// <summary>See <see cref="Parallelism"/>; 1 or more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public CommitterSettings WithParallelism(int commits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(commits, 1);
        return this with { Parallelism = commits };
    }
}
