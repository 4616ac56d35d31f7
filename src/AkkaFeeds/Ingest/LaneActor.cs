using Akka.Actor;
using Akka.Event;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Compilation;
using AkkaFeeds.Definitions.Decoding;
using AkkaFeeds.Freshness;
using AkkaFeeds.Ingest.Protocol;

namespace AkkaFeeds.Ingest;

/// <summary>
/// A lane: takes decoded records, classifies and groups them, sends rows to slots, and raises its ledger's floor.
/// <see cref="LaneProtocol"/> decides; this actor moves messages.
/// </summary>
// Starting (until the ledger is taken) -> Reading -> Draining (revoked: no more records) -> stopped.
// A ledger that refuses a write belongs to a newer lane: this one stops at once.
internal sealed class LaneActor : UntypedActor, IWithTimers, ILanePort
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(250);
    private const int TicksPerAsk = 4;
    private const int TicksPerReport = 2;

    private readonly ILoggingAdapter log = Context.GetLogger();
    private readonly LaneId lane;
    private readonly string lease = Guid.NewGuid().ToString("N");
    private readonly IngestDependencies dependencies;
    private readonly ServedFeed feed;
    private readonly LaneClassifier classifier;
    private readonly LaneAccount account;
    private LaneProtocol protocol = null!;
    private DecodedBatch? held;
    private DateTimeOffset contactAt;
    private DateTimeOffset readAt;
    private long ticks;
    private long writtenAtTick;

    public LaneActor(LaneId lane, TopicDecoder decoder, IngestDependencies dependencies)
    {
        this.lane = lane;
        this.dependencies = dependencies;
        feed = dependencies.Feeds[lane.Feed];
        classifier = new LaneClassifier(new LaneProgram(feed.Compiled, decoder), lane.Topic, lane.Partition);
        account = new LaneAccount(lane, dependencies.Metrics);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(LaneId lane, TopicDecoder decoder, IngestDependencies dependencies) =>
        Akka.Actor.Props.Create(() => new LaneActor(lane, decoder, dependencies));

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, TickEvery);
        TakeLedger();
    }

    protected override void PostStop()
    {
        dependencies.Board.Of(lane.Feed).Ended(lane);
        dependencies.Metrics.ForgetPartition(lane.Feed, lane.Topic, lane.Partition);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case LedgerMessages.Taken taken when taken.Lease == lease:
                Begin(taken.Account);
                break;
            case Tick:
                if (++ticks % TicksPerAsk == 0)
                {
                    TakeLedger();
                }

                break;
            case IngestMessages.LogEnd end:
                contactAt = end.At;
                break;
            case IngestMessages.Drain:
                Context.Parent.Tell(new IngestMessages.Drained(lane, null));
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void TakeLedger() => dependencies.Ledgers.Tell(new LedgerMessages.Take(lane, lease));

    private void Begin(LedgerAccount ledger)
    {
        protocol = new LaneProtocol(lane, lease, feed.Slots, ledger, 0, dependencies.RowsInFlightMax, this);
        account.Begin(ledger.Counts);
        readAt = DateTimeOffset.UnixEpoch;
        Context.Parent.Tell(new IngestMessages.Start(lane, ledger.Floor));
        Become(Reading);
        protocol.AskAll();
        log.Debug("Lane {Lane} starts at {Floor}", lane, ledger.Floor);
    }

    private void Reading(object message)
    {
        if (message is IngestMessages.Records records)
        {
            held = records.Batch;
            OfferHeld();
        }
        else if (message is IngestMessages.Drain)
        {
            held = null;
            foreach (var slot in feed.Slots)
            {
                dependencies.Slots.Tell(new LaneMessages.CheckpointNow(slot));
            }

            Become(Draining);
            EndIfDrained();
        }
        else
        {
            OnAny(message);
        }
    }

    private void Draining(object message)
    {
        if (message is not IngestMessages.Records)
        {
            OnAny(message);
            Write();
            EndIfDrained();
        }
    }

    private void OnAny(object message)
    {
        switch (message)
        {
            case LaneMessages.State state:
                protocol.On(state);
                OfferHeld();
                break;
            case LaneMessages.Gap gap:
                if (protocol.On(gap))
                {
                    dependencies.Metrics.Gap(lane.Feed);
                }

                break;
            case LedgerMessages.Written written when written.Lease == lease && protocol.IsWriting:
                OnWritten(written);
                break;
            case LedgerMessages.Refused refused when refused.Lease == lease:
                log.Warning("Lane {Lane} ends: its ledger is held by {Holder}", lane, refused.Holder);
                Context.Stop(Self);
                break;
            case LedgerMessages.Taken or LedgerMessages.Written or LedgerMessages.Refused:
                break;
            case IngestMessages.LogEnd end:
                contactAt = end.At;
                protocol.OnEnd(end.End);
                break;
            case Tick:
                OnTick();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnTick()
    {
        ticks++;
        Write();
        if (ticks % TicksPerAsk == 0)
        {
            protocol.AskAll();
        }

        if (ticks % TicksPerReport == 0)
        {
            Report();
        }
    }

    private void OfferHeld()
    {
        if (held is null || !protocol.CanAccept)
        {
            return;
        }

        var batch = held;
        held = null;
        if (batch.Next > protocol.Position)
        {
            var classified = classifier.Classify(batch, protocol.Position, protocol.NewestEventTime);
            account.Read(classified);
            if (batch.Count > 0)
            {
                readAt = DateTimeOffset.FromUnixTimeMilliseconds(batch.Timestamps[^1]);
            }

            protocol.OnEnd(batch.End);
            protocol.Offer(classified);
        }

        Context.Parent.Tell(new IngestMessages.Accepted(lane, protocol.Position));
    }

    private void Write()
    {
        if (protocol.Unanswered is { } unanswered)
        {
            // An answer may be lost with its node: the same write again changes nothing that is stored.
            if (ticks - writtenAtTick >= TicksPerAsk)
            {
                writtenAtTick = ticks;
                dependencies.Ledgers.Tell(new LedgerMessages.Write(lane, unanswered));
            }
        }
        else if (protocol.PrepareWrite() is { } write)
        {
            writtenAtTick = ticks;
            dependencies.Ledgers.Tell(new LedgerMessages.Write(lane, write));
        }
    }

    private void OnWritten(LedgerMessages.Written written)
    {
        if (protocol.Unanswered!.Floor != written.Floor)
        {
            return;
        }

        var leaderEpoch = protocol.Unanswered.LeaderEpoch;
        protocol.OnWritten();
        account.FloorRose(Context.System.Scheduler.Now);
        Context.Parent.Tell(new IngestMessages.FloorRose(lane, protocol.Floor, leaderEpoch));
        OfferHeld();
    }

    private void EndIfDrained()
    {
        if (protocol.Floor >= protocol.Position && !protocol.IsWriting)
        {
            Context.Parent.Tell(new IngestMessages.Drained(lane, protocol.Floor));
            Context.Stop(Self);
        }
    }

    private void Report()
    {
        var atEnd = protocol.Position >= protocol.End;
        var until = atEnd ? contactAt : readAt;
        dependencies.Board.Of(lane.Feed).Report(new LaneReport(
            lane, protocol.Position, protocol.End, until.ToUnixTimeMilliseconds(), contactAt.ToUnixTimeMilliseconds(),
            protocol.Counts.Unkeyed > 0 ? "quarantined" : null));
        account.Report(protocol, Context.System.Scheduler.Now);
    }

    void ILanePort.Send(LaneMessages.IFromLane message) => dependencies.Slots.Tell(message);

    void ILanePort.Rewind(long offset, int recordsInVain)
    {
        held = null;
        account.Rewound(recordsInVain);
        dependencies.Metrics.Rewind(lane.Feed);
        log.Info("Lane {Lane} reads again from {Offset}, round {Round}", lane, offset, protocol.Round);
        Context.Parent.Tell(new IngestMessages.Rewind(lane, offset));
    }

    void ILanePort.Delivered(long applied, long duplicates, long refused) => account.Delivered(applied, duplicates, refused);

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }
}
