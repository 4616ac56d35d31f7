using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.TestKit;
using AkkaFeeds.Ingest;
using AkkaFeeds.Kafka;
using Confluent.Kafka;
using Xunit;
using RawBatch = AkkaFeeds.Kafka.RecordBatch<System.ReadOnlyMemory<byte>, System.ReadOnlyMemory<byte>>;

namespace AkkaFeeds.Tests.Ingest;

/// <summary>What becomes of lanes whose reading has failed.</summary>
public sealed class PartitionActorTests : IngestActorTest
{
    private readonly EmbeddedBroker broker = EmbeddedBroker.Start(Topic, 1);

    [Fact]
    public async Task A_lane_reads_again_from_its_floor_where_the_log_was_cut_and_no_probe_has_seen_it()
    {
        await ProduceAsync(10);
        var (partition, shared) = Start();
        Begin(partition, end: 5);
        await shared.SendNextAsync(Batch(0, 5));
        Assert.Equal(0, NextRows().Round);

        await shared.SendErrorAsync(new OffsetOutOfRangeException(Partition, 5));
        above.ExpectMsg<IngestMessages.ProbeWanted>();
        Probed(partition, 0, 10);
        Settle(partition);
        Advance(1);

        var rows = NextRows();
        Assert.Equal((1, 0), (rows.Round, rows.Block.Offsets[0]));
        while (rows.Read < 10)
        {
            rows = NextRows();
        }
    }

    [Fact]
    public async Task A_reading_that_fails_again_and_again_begins_again_a_second_later_each_time()
    {
        await ProduceAsync(10);
        broker.DeleteRecords(Topic, 0, 8);
        var (partition, shared) = Start();
        Begin(partition, end: 5);
        await shared.SendErrorAsync(new OffsetOutOfRangeException(Partition, 0));
        above.ExpectMsg<IngestMessages.ProbeWanted>();
        for (var round = 0; round < 2; round++)
        {
            Settle(partition);
            Advance(1);
            above.ExpectMsg<IngestMessages.ProbeWanted>();
        }
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        broker.Dispose();
    }

    private async Task ProduceAsync(int count)
    {
        using var producer = new ProducerBuilder<string, string>(
            new ProducerConfig { BootstrapServers = broker.BootstrapServers, LingerMs = 0 }).Build();
        for (var index = 0; index < count; index++)
        {
            await producer.ProduceAsync(Partition, new Message<string, string> { Key = "k", Value = "{}" });
        }
    }

    private (IActorRef Partition, TestPublisher.Probe<RawBatch> Shared) Start()
    {
        var (shared, batches) = this.SourceProbe<RawBatch>().PreMaterialize(Sys.Materializer());
        var settings = ConsumerSettings.Raw()
            .WithBootstrapServers(broker.BootstrapServers)
            .WithGroupId("side")
            .WithProperty("fetch.wait.max.ms", "5");
        var setup = new PartitionSetup(
            Partition, 1, new TopicFeeds(Topic, "id", [feed]), batches, new NoControl(), settings);
        return (above.ChildActorOf(PartitionActor.Props(setup, dependencies)), shared);
    }

    private sealed class NoControl : IConsumerControl
    {
        public ConsumerMetrics Metrics => throw new InvalidOperationException("nobody asks for these");

        public Task IsShutdown => Task.CompletedTask;

        public int Seek(TopicPartition partition, Offset offset) => 0;

        public long LeaseOf(TopicPartition partition) => 1;

        public Task<CommitOutcome> Commit(TopicPartitionOffset offset, long lease) =>
            Task.FromResult(CommitOutcome.NotOwner);

        public Task Stop() => Task.CompletedTask;

        public Task Shutdown() => Task.CompletedTask;

        public Task<TResult> DrainAndShutdown<TResult>(Task<TResult> streamCompletion) => streamCompletion;
    }
}
