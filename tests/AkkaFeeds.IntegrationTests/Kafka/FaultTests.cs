using System.Collections.Immutable;
using System.Diagnostics;
using Akka;
using Akka.Streams.Dsl;
using Akka.Streams.TestKit;
using AkkaFeeds.IntegrationTests.Fixtures;
using AkkaFeeds.Kafka;
using Confluent.Kafka;
using Xunit;
using Committable = AkkaFeeds.Kafka.CommittableBatch<System.ReadOnlyMemory<byte>, System.ReadOnlyMemory<byte>>;

namespace AkkaFeeds.IntegrationTests.Kafka;

public sealed class FaultTests(BrokerFixture fixture) : RealBrokerTest(fixture)
{
    [SkippableFact]
    public async Task A_frozen_broker_stops_neither_the_polls_nor_the_stream_and_commits_wait_for_it()
    {
        var topic = await NewTopicAsync(1);
        Skip.If(!Broker.IsOurs, RealBroker.SkipReason);
        var partition = new TopicPartition(topic, 0);
        await ProduceAsync(topic, 0, 100);
        var (control, probe) = RunPlain(Settings(topic), new TopicPartitionOffset(partition, 0));
        var batch = (await TakeAsync(probe, 100))[^1];
        using var admin = new KafkaAdmin(Broker.BootstrapServers);
        Assert.Equal(100, (await admin.EndOffsets([partition], Soon))[partition]);

        await Broker.SuspendAsync();
        var commit = control.Commit(new TopicPartitionOffset(partition, 100), batch.Lease);
        var frozen = await Assert.ThrowsAnyAsync<KafkaException>(
            () => admin.EndOffsets([partition], TimeSpan.FromSeconds(1)));
        Assert.Equal(ErrorCode.Local_TimedOut, frozen.Error.Code);
        Assert.False(commit.IsCompleted);
        AwaitCondition(() => control.Metrics.SinceLastPoll < TimeSpan.FromMilliseconds(500), Soon);
        await Broker.ResumeAsync();

        Assert.Equal(CommitOutcome.Committed, await commit);
        await ProduceAsync(topic, 0, 10, from: 100);
        Assert.Equal(Enumerable.Range(100, 10), Values(await TakeAsync(probe, 10)));
        await control.Shutdown();
    }

    [SkippableFact]
    public async Task A_killed_broker_that_comes_back_is_read_on_from()
    {
        var topic = await NewTopicAsync(1);
        Skip.If(!Broker.IsOurs, RealBroker.SkipReason);
        await ProduceAsync(topic, 0, 100);
        var (control, probe) = RunPlain(Settings(topic), new TopicPartitionOffset(topic, 0, 0));
        await TakeAsync(probe, 100);

        await Broker.RestartAsync();

        await ProduceAsync(topic, 0, 100, from: 100);
        Assert.Equal(Enumerable.Range(100, 100), Values(await TakeAsync(probe, 100)));
        await control.Shutdown();
    }

    [SkippableFact]
    public async Task A_named_member_waits_for_nobody_behind_a_broker_that_was_away_for_longer_than_its_session()
    {
        var session = TimeSpan.FromSeconds(10);
        var topic = await NewTopicAsync(1);
        Skip.If(!Broker.IsOurs, RealBroker.SkipReason);
        var partition = new TopicPartition(topic, 0);
        await ProduceAsync(topic, 0, 10);
        var settings = Settings(topic).WithGroupInstanceId("one", leavesOnClose: true)
            .WithProperty("session.timeout.ms", $"{session.TotalMilliseconds:F0}");
        var (control, sources) = Run(settings, Subscriptions.Topics(topic));
        await OpenAsync(sources, 1);

        await Broker.KillAsync();
        AwaitCondition(() => control.LeaseOf(partition) < 0, Soon);
        await Broker.RestartAsync();
        var back = Stopwatch.StartNew();

        // As a new member it would wait for the session of its former self.
        AwaitCondition(() => control.LeaseOf(partition) >= 0, Soon, TimeSpan.FromMilliseconds(20));
        Assert.True(back.Elapsed < session / 2, $"assigned again after {back.Elapsed}");
        await control.Shutdown();
    }

    [SkippableFact]
    public async Task A_stalled_reader_leaves_no_gap_between_polls_above_a_second()
    {
        const int Buffer = 256 << 10;
        var topic = await NewTopicAsync(2);
        var filler = new string('x', 1_000);
        await ProduceAsync(topic, 0, 3_000, suffix: filler);
        var (control, sources) = Run(Settings(topic).WithBufferBytes(Buffer), Subscriptions.Topics(topic));
        var streams = await OpenAsync(sources, 2);
        AwaitCondition(() => control.Metrics.Pauses >= 1, Soon);
        await ProduceAsync(topic, 1, 3_000, suffix: filler);

        Assert.Equal(Enumerable.Range(0, 3_000), Values(await TakeAsync(streams[new(topic, 1)], 3_000)));
        Assert.Equal(Enumerable.Range(0, 3_000), Values(await TakeAsync(streams[new(topic, 0)], 3_000)));

        Assert.InRange(control.Metrics.BytesHeldMax, 1, Buffer);
        Assert.True(control.Metrics.LongestPollGap < TimeSpan.FromSeconds(1), $"{control.Metrics}");
        await control.Shutdown();
    }

    [SkippableFact]
    public async Task A_truncated_log_fails_its_partition_until_a_seek()
    {
        var topic = await NewTopicAsync(1);
        await ProduceAsync(topic, 0, 100);
        using (var admin =
            new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Broker.BootstrapServers }).Build())
        {
            await admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, 60)]);
        }

        var settings = Settings(topic).WithProperty("auto.offset.reset", "error");
        var (control, sources) =
            KafkaConsumer.CommittablePartitionedManualOffsetSource(settings, Subscriptions.Topics(topic), Beyond)
            .ToMaterialized(this.SinkProbe<(TopicPartition, Source<Committable, NotUsed>)>(), Keep.Both)
            .Run(Materializer);
        var stream = (await OpenAsync(sources, 1)).Values.Single();
        await stream.EnsureSubscriptionAsync();
        var failure = Assert.IsType<OffsetOutOfRangeException>(await stream.ExpectErrorAsync());
        Assert.Equal(10, failure.Offset);

        control.Seek(new(topic, 0), 60);

        var again = (await OpenAsync(sources, 1)).Values.Single();
        Assert.Equal(Enumerable.Range(60, 40), Values(await TakeAsync(again, 40)));
        await control.Shutdown();

        static Task<IImmutableSet<TopicPartitionOffset>> Beyond(IImmutableSet<TopicPartition> partitions) =>
            Task.FromResult<IImmutableSet<TopicPartitionOffset>>(
                [.. partitions.Select(each => new TopicPartitionOffset(each, 10))]);
    }
}
