using AkkaFeeds.Kafka.Consuming;
using Confluent.Kafka;

namespace AkkaFeeds.Kafka.Stages;

internal sealed class ConsumerControl<TKey, TValue>(ConsumerLoop<TKey, TValue> loop, TimeSpan closeTimeout)
    : IConsumerControl
{
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Action? stopStage;

    public Task IsShutdown => loop.Closed;

    public ConsumerMetrics Metrics => loop.Metrics;

    /// <summary>Set once the stage runs; before that there is nothing to stop.</summary>
    public Action? StopStage
    {
        set => stopStage = value;
    }

    public Task Stop()
    {
        loop.StopEmission();
        if (stopStage is { } stop)
        {
            stop();
        }
        else
        {
            stopped.TrySetResult();
        }

        return Task.WhenAny(stopped.Task, loop.Closed);
    }

    public void StageStopped() => stopped.TrySetResult();

    public async Task Shutdown()
    {
        loop.RequestShutdown();

        // The client's close has hung for users before; whoever waits for it goes on, and the thread is a background
        // one.
        await loop.Closed.WaitAsync(closeTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!loop.Closed.IsCompleted)
        {
            loop.CloseTimedOut();
        }
    }

    public async Task<TResult> DrainAndShutdown<TResult>(Task<TResult> streamCompletion)
    {
        await Stop().ConfigureAwait(false);
        try
        {
            return await streamCompletion.ConfigureAwait(false);
        }
        finally
        {
            await Shutdown().ConfigureAwait(false);
        }
    }

    public int Seek(TopicPartition partition, Offset offset) => loop.Seek(partition, offset);

    public long LeaseOf(TopicPartition partition) => loop.LeaseOf(partition)?.Number ?? -1;

    public Task<CommitOutcome> Commit(TopicPartitionOffset offset, long lease) => loop.Commits.Commit(offset, lease);
}
