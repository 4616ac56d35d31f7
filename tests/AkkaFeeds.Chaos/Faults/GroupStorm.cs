using System.Diagnostics;
using AkkaFeeds.Chaos.World;
using AkkaFeeds.Harness;
using Confluent.Kafka;

namespace AkkaFeeds.Chaos.Faults;

/// <summary>
/// Strangers join and leave the nodes' own consumer group, so that partitions move again and again, and some are with
/// a member that reads nothing.
/// </summary>
internal sealed class GroupStorm() : Fault("F-29", "members come and go in the consumer group")
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    public override async Task<FaultEffect> InjectAsync(ChaosWorld world, Random random)
    {
        var moved = 0L;
        for (var round = random.Next(2, 5); round > 0; round--)
        {
            var members = random.Next(1, 4);
            var seconds = Between(random, 1, 3);
            var got = await Task.WhenAll(Enumerable.Range(0, members)
                .Select(_ => Task.Run(() => Join(world, seconds))));
            moved += got.Sum();
        }

        return new FaultEffect(moved, "partitions that strangers were given") { Gone = Stopwatch.StartNew() };
    }

    private static long Join(ChaosWorld world, TimeSpan time)
    {
        var given = 0L;
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig
        {
            BootstrapServers = world.Broker.BootstrapServers,
            GroupId = ChaosWorld.ClusterGroup,
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            SessionTimeoutMs = 8_000,
            HeartbeatIntervalMs = 2_000,
            PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
        }).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { })
            .SetPartitionsAssignedHandler((_, partitions) => { given += partitions.Count; }).Build();
        consumer.Subscribe([world.Topic, world.PoisonTopic]);
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < time || (given == 0 && watch.Elapsed < time * 4);)
        {
            consumer.Consume(Poll);
        }

        consumer.Close();
        return given;
    }
}
