namespace AkkaFeeds.Kafka;

/// <summary>Ends a source, in steps.</summary>
public interface IControl
{
    /// <summary>
    /// Stops producing records: source and sub-sources complete; nothing more is emitted. The consumer stays in its
    /// group, so
    /// that what is in flight can be committed, until <see cref="Shutdown"/>.
    /// </summary>
    Task Stop();

    /// <summary>
    /// Leaves the group and closes the consumer; completes at the latest after the close timeout, and never fails.
    /// </summary>
    Task Shutdown();

    /// <summary>Completes when the consumer is closed, for whatever reason.</summary>
    Task IsShutdown { get; }

    /// <summary>
    /// Stops, waits for <paramref name="streamCompletion"/> (what is in flight, and its commits), then shuts down.
    /// </summary>
    Task<TResult> DrainAndShutdown<TResult>(Task<TResult> streamCompletion);
}
