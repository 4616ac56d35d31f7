using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Decoding;
using AkkaFeeds.Freshness;
using AkkaFeeds.Ingest;
using AkkaFeeds.Ingest.Protocol;
using AkkaFeeds.Kafka;
using AkkaFeeds.Telemetry;
using AkkaFeeds.Tests.Definitions;
using Confluent.Kafka;
using Microsoft.Extensions.Time.Testing;
using RawBatch = AkkaFeeds.Kafka.RecordBatch<System.ReadOnlyMemory<byte>, System.ReadOnlyMemory<byte>>;

namespace AkkaFeeds.Tests.Ingest;

/// <summary>One partition of one feed with one slot; slots, ledgers and time are the test's.</summary>
public abstract class IngestActorTest : TestKit
{
    private protected const string Topic = "t";

    private protected static readonly TopicPartition Partition = new(Topic, 0);

    private protected readonly FakeTimeProvider clock = new(DateTimeOffset.UnixEpoch + TimeSpan.FromDays(20_000));
    private protected readonly TestProbe slots;
    private protected readonly TestProbe ledgers;
    private protected readonly TestProbe above;
    private protected readonly ServedFeed feed;
    private protected readonly FreshnessBoard boards;
    private protected readonly IngestDependencies dependencies;
    private long probes;

    private protected IngestActorTest()
        : base(
            """
            akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
            akka.test.single-expect-default = 20s
            akka.loglevel = WARNING
            """)
    {
        slots = CreateTestProbe();
        ledgers = CreateTestProbe();
        above = CreateTestProbe();
        feed = new ServedFeed(new FeedBench(FeedBench.Define(("n", "count()")) with { Slots = 1 }).Feed, 1);
        boards = new FreshnessBoard(clock, new Dictionary<string, TimeSpan?>(), new Dictionary<string, int>());
        dependencies = new IngestDependencies(
            new Dictionary<string, ServedFeed> { [feed.Name] = feed }, slots, ledgers, null!, boards,
            new FeedMetrics([feed.Name], clock), 1_000);
    }

    private protected LaneId Lane => new(feed.Name, 1, "id", Topic, 0);

    private protected FeedBoard Board => boards.Of(feed.Name);

    private protected TopicDecoder Decoder => TopicDecoder.Create([feed.Compiled]);

    /// <summary>Lets a lane take its ledger, at floor 0, and begin.</summary>
    private protected void Begin(IActorRef actor, long end)
    {
        Probed(actor, 0, end);
        var take = ledgers.ExpectMsg<LedgerMessages.Take>();
        var view = new LedgerView(take.Lease, 0, default, LateRule.None, LeaderMark.None);
        ledgers.LastSender.Tell(new LedgerMessages.Taken(take.Lane, view, [], QuarantineSum.None));
        above.ExpectMsg<IngestMessages.ProbeWanted>();
        Probed(actor, 0, end);
        slots.ExpectMsg<LaneMessages.Ask>();
    }

    private protected void Probed(IActorRef actor, long from, long to)
    {
        actor.Tell(new IngestMessages.ProbeBegins(++probes));
        actor.Tell(new IngestMessages.ProbeAnswered(
            probes, new OffsetRange(from, to), to, clock.GetUtcNow(), TimeSpan.MaxValue));
    }

    private protected LaneMessages.Rows NextRows() =>
        (LaneMessages.Rows)slots.FishForMessage(message => message is LaneMessages.Rows);

    private protected static RawBatch Batch(long offset, int count)
    {
        var records = Enumerable.Range(0, count).Select(index => new KafkaRecord<ReadOnlyMemory<byte>,
            ReadOnlyMemory<byte>>("k"u8.ToArray(), "{}"u8.ToArray(), offset + index, 1_000,
            new(-1, true, true, false, [])));
        return new(Partition, 1, 0, [.. records], new(offset + count, -1, false, offset + count, 64));
    }

    /// <summary>Moves time, a quarter of a second at a time, as lanes tick.</summary>
    private protected void Advance(double seconds)
    {
        var scheduler = (TestScheduler)Sys.Scheduler;
        for (var moved = 0.0; moved < seconds; moved += 0.25)
        {
            scheduler.Advance(TimeSpan.FromSeconds(0.25));
        }
    }

    /// <summary>Waits until an actor has taken what it was sent.</summary>
    private protected void Settle(IActorRef actor)
    {
        actor.Tell(new Identify(probes), TestActor);
        ExpectMsg<ActorIdentity>();
    }
}
