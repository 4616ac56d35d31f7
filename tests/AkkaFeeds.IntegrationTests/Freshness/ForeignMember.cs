using Confluent.Kafka;

namespace AkkaFeeds.IntegrationTests.Freshness;

/// <summary>Another program that joins a server's consumer group, and takes a share of its partitions.</summary>
internal sealed class ForeignMember : IAsyncDisposable
{
    private readonly IConsumer<Ignore, Ignore> consumer;
    private readonly TaskCompletionSource<int> taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource leaving = new();
    private readonly Task polling;

    /// <summary>Joins.</summary>
    public ForeignMember(string brokers, string group, string topic)
    {
        consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig
        {
            BootstrapServers = brokers,
            GroupId = group,
            PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
            HeartbeatIntervalMs = 200,
            EnableAutoCommit = false,
        })
        .SetLogHandler((_, _) => { })
        .SetPartitionsAssignedHandler((_, partitions) =>
        {
            if (partitions is [var first, ..])
            {
                taken.TrySetResult(first.Partition.Value);
            }
        })
        .Build();
        consumer.Subscribe(topic);
        polling = Task.Run(Poll);
    }

    /// <summary>The partition that the group gives it.</summary>
    public Task<int> TakenAsync(TimeSpan limit) => taken.Task.WaitAsync(limit);

    /// <summary>It leaves the group, and is gone from it when this ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!leaving.IsCancellationRequested)
        {
            await leaving.CancelAsync();
            await polling;
            await Task.Run(consumer.Close);
            consumer.Dispose();
        }
    }

    private void Poll()
    {
        try
        {
            while (true)
            {
                consumer.Consume(leaving.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // It is time to leave.
        }
    }
}
