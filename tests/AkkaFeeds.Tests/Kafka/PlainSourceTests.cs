using System.Text;
using AkkaFeeds.Kafka;
using Confluent.Kafka;
using Xunit;

namespace AkkaFeeds.Tests.Kafka;

public sealed class PlainSourceTests : KafkaStreamTests
{
    [Fact]
    public async Task Records_come_in_order_with_their_positions()
    {
        await ProduceNumbersAsync(First, 250);
        var (control, probe) =
            RunPlain(Settings, Subscriptions.AssignmentWithOffset(new TopicPartitionOffset(First, 0)));

        var batches = await TakeAsync(probe, 250);

        Assert.Equal(Numbers(250), Values(batches));
        Assert.All(batches, batch => Assert.True(batch.Records.Length <= 100));
        Assert.All(batches, batch => Assert.Equal(First, batch.TopicPartition));
        var offsets = new List<long>();
        batches.ForEach(batch => offsets.AddRange(batch.RecordMemory.ToArray().Select(each => each.Offset)));
        Assert.Equal(Enumerable.Range(0, 250).Select(each => (long)each), offsets);
        Assert.Equal(250, batches[^1].NextOffset);
        Assert.Equal(250, batches[^1].LogEnd);
        var first = batches[0].RecordMemory.Span[0];
        Assert.Equal("k", Encoding.UTF8.GetString(first.Key.Span));
        Assert.Equal(0, first.LeaderEpoch);
        Assert.InRange(first.TimestampMilliseconds, 1_700_000_000_000, 4_000_000_000_000);
        await control.Shutdown();
    }

    [Fact]
    public async Task The_end_of_a_partition_is_told_by_an_empty_batch()
    {
        await ProduceNumbersAsync(First, 3);
        var (control, probe) =
            RunPlain(Settings, Subscriptions.AssignmentWithOffset(new TopicPartitionOffset(First, 0)));

        await TakeAsync(probe, 3);
        var end = await probe.RequestNextAsync();

        Assert.Equal(0, end.Records.Length);
        Assert.True(end.EndReached);
        Assert.Equal(3, end.NextOffset);
        Assert.Equal(3, end.LogEnd);
        await control.Shutdown();
    }

    [Fact]
    public async Task Headers_tombstones_and_missing_keys_are_kept_apart_from_empty_ones()
    {
        using var producer = new ProducerBuilder<byte[]?, byte[]?>(
            new ProducerConfig { BootstrapServers = Broker.BootstrapServers }).SetLogHandler((_, _) => { }).Build();
        await producer.ProduceAsync(First, new() { Key = null, Value = null });
        await producer.ProduceAsync(First, new() { Key = [], Value = [] });
        var headers = new Headers { { "id", "7"u8.ToArray() }, { "none", null } };
        await producer.ProduceAsync(First, new() { Key = [1], Value = [2], Headers = headers });
        var (control, probe) =
            RunPlain(Settings, Subscriptions.AssignmentWithOffset(new TopicPartitionOffset(First, 0)));

        var records = (await TakeAsync(probe, 3)).SelectMany(each => each.RecordMemory.ToArray()).ToList();

        Assert.False(records[0].HasKey || records[0].HasValue);
        Assert.True(records[1].HasKey && records[1].HasValue);
        Assert.Equal(0, records[1].Value.Length);
        Assert.Empty(records[1].Headers);
        Assert.Equal(["id", "none"], records[2].Headers.Select(each => each.Name));
        Assert.Equal("7"u8.ToArray(), records[2].Headers[0].Value.ToArray());
        Assert.True(records[2].Headers[1].IsNull);
        await control.Shutdown();
    }

    [Fact]
    public async Task A_seek_is_followed_by_nothing_that_was_fetched_before()
    {
        await ProduceNumbersAsync(First, 1_000);
        var (control, probe) =
            RunPlain(Settings, Subscriptions.AssignmentWithOffset(new TopicPartitionOffset(First, 0)));
        await TakeAsync(probe, 300);
        AwaitCondition(() => control.Metrics.RecordsRead == 1_000, Soon);

        var generation = control.Seek(First, 50);

        var after = await TakeAsync(probe, 950);
        Assert.Equal(1, generation);
        Assert.All(after, batch => Assert.Equal(1, batch.Generation));
        Assert.Equal(Numbers(950, from: 50), Values(after));
        await control.Shutdown();
    }

    [Fact]
    public async Task A_record_reaches_a_waiting_stream_at_once()
    {
        var (control, probe) =
            RunPlain(Settings, Subscriptions.AssignmentWithOffset(new TopicPartitionOffset(First, 0)));
        await probe.RequestAsync(1_000);
        var end = await probe.ExpectNextAsync();
        Assert.True(end.EndReached);
        var latencies = new List<TimeSpan>();
        for (var count = 0; count < 20; count++)
        {
            await ProduceAsync(First, $"{count}");
            var acknowledged = System.Diagnostics.Stopwatch.GetTimestamp();
            while ((await probe.ExpectNextAsync()).Records.Length == 0)
            {
                // The end of the log, told after the record before.
            }

            latencies.Add(System.Diagnostics.Stopwatch.GetElapsedTime(acknowledged));
        }

        // Generous, because a loaded machine runs this too: a batch that waited for its size or for a poll's end
        // takes 100 ms.
        latencies.Sort();
        Assert.True(latencies[10] < TimeSpan.FromMilliseconds(50), $"median {latencies[10]}");
        await control.Shutdown();
    }

    [Fact]
    public async Task An_unreadable_record_fails_the_stream_with_its_position()
    {
        await ProduceAsync(First, "12345678", "not eight");
        var settings = ConsumerSettings<string, long>.Create()
            .WithBootstrapServers(Broker.BootstrapServers)
            .WithBatchRecords(1);
        var subscription = Subscriptions.AssignmentWithOffset(new TopicPartitionOffset(First, 0));
        var failed = await Assert.ThrowsAsync<RecordDeserializationException>(() =>
            KafkaConsumer.PlainSource(settings, subscription)
                .RunWith(Akka.Streams.Dsl.Sink.Ignore<RecordBatch<string, long>>(), Materializer));

        Assert.Equal(new TopicPartitionOffset(First, 1), failed.Position);
    }
}
