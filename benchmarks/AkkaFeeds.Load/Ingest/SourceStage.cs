using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using AkkaFeeds.Harness;
using AkkaFeeds.Kafka;
using Confluent.Kafka;
using RawBatch = AkkaFeeds.Kafka.CommittableBatch<System.ReadOnlyMemory<byte>, System.ReadOnlyMemory<byte>>;

namespace AkkaFeeds.Load;

/// <summary>
/// Runs the product's source over the whole topic, each partition as a stream of its own, to a sink that is given
/// each batch;
/// (b) is this with a sink that counts.
/// </summary>
internal static class SourceStage
{
    /// <summary>(b): the source alone.</summary>
    public static Task<StageResult> CountAsync(StageOptions options)
    {
        var bytes = 0L;
        return RunAsync(
            options,
            _ => batch =>
            {
                var sum = 0L;
                foreach (ref readonly var record in batch.Batch.Records)
                {
                    sum += record.Value.Length;
                }

                Interlocked.Add(ref bytes, sum);
            },
            () => bytes == (long)options.Records * IngestRecord.Bytes ? null : $"{bytes} bytes");
    }

    /// <summary>The same with any sink.</summary>
    /// <param name="options">What to read.</param>
    /// <param name="sinkOf">Makes the sink of a partition; each is called by one stream at a time.</param>
    /// <param name="check">Says afterwards what is wrong, or null.</param>
    public static async Task<StageResult> RunAsync(
        StageOptions options, Func<TopicPartition, Action<RawBatch>> sinkOf, Func<string?> check)
    {
        using var system = ActorSystem.Create("ingest", "akka.loglevel = WARNING");
        var materializer = system.Materializer();
        var clock = new StageClock();
        var done = new TaskCompletionSource<StageResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        var records = 0;
        var started = 0;
        var settings = ConsumerSettings.Raw()
            .WithBootstrapServers(options.Brokers)
            .WithGroupId($"ingest-{Guid.NewGuid():N}")
            .WithProperty("auto.offset.reset", "earliest");
        var control = KafkaConsumer
            .CommittablePartitionedSource(settings, Subscriptions.Topics(options.Topic))
            .To(Sink.ForEach<(TopicPartition Partition, Source<RawBatch, Akka.NotUsed> Batches)>(each =>
            {
                var sink = sinkOf(each.Partition);
                var finished = each.Batches.RunForeach(Take, materializer);
                finished.ContinueWith(
                    failed => done.TrySetException(failed.Exception!), CancellationToken.None,
                    TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

                void Take(RawBatch batch)
                {
                    if (Interlocked.Exchange(ref started, 1) == 0)
                    {
                        clock.Start();
                    }

                    sink(batch);
                    if (Interlocked.Add(ref records, batch.Batch.Records.Length) == options.Records)
                    {
                        done.TrySetResult(clock.Stop(options.Records));
                    }
                }
            }))
            .Run(materializer);
        var result = await done.Task.WaitAsync(TimeSpan.FromMinutes(10));
        await control.Shutdown();
        await system.Terminate();
        return result with { Wrong = check() };
    }
}
