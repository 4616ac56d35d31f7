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
    private CommitOutcome outcome = CommitOutcome.NotOwner;

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

    [Fact]
    public void Commits_that_Kafka_refuses_are_told_as_a_lag_and_said_once()
    {
        var (partition, _) = Start();
        Begin(partition, end: 20);
        FloorRose(3);
        Assert.Empty(dependencies.Metrics.CommitLag.Read());

        outcome = CommitOutcome.Committed;
        FloorRose(5);
        Assert.Equal(0, CommitLag());

        outcome = CommitOutcome.Failed;
        EventFilter.Warning(start: "Kafka refuses the commits of t/0").ExpectOne(() =>
        {
            FloorRose(9);
            Assert.Equal(4, CommitLag());
            FloorRose(12);
            Assert.Equal(7, CommitLag());
        });

        outcome = CommitOutcome.Committed;
        FloorRose(15);
        Assert.Equal(0, CommitLag());

        void FloorRose(long floor)
        {
            partition.Tell(new IngestMessages.FloorRose(Lane, floor, -1));
            Settle(partition);
            Settle(partition);
        }

        double CommitLag() => Assert.Single(dependencies.Metrics.CommitLag.Read()).Value;
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
            Partition, 1, new TopicFeeds(Topic, "id", [feed]), batches, new NoControl(() => outcome), settings);
        return (above.ChildActorOf(PartitionActor.Props(setup, dependencies)), shared);
    }

    private sealed class NoControl(Func<CommitOutcome> outcome) : IConsumerControl
    {
        public ConsumerMetrics Metrics => throw new InvalidOperationException("nobody asks for these");

        public Task IsShutdown => Task.CompletedTask;

        public int Seek(TopicPartition partition, Offset offset) => 0;

        public long LeaseOf(TopicPartition partition) => 1;

        public Task<CommitOutcome> Commit(TopicPartitionOffset offset, long lease) =>
            Task.FromResult(outcome());

        public Task Stop() => Task.CompletedTask;

        public Task Shutdown() => Task.CompletedTask;

        public Task<TResult> DrainAndShutdown<TResult>(Task<TResult> streamCompletion) => streamCompletion;
    }
}
