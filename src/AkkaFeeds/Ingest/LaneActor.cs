using Akka.Actor;
using Akka.Event;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Compilation;
using AkkaFeeds.Definitions.Decoding;
using AkkaFeeds.Freshness;
using AkkaFeeds.Ingest.Protocol;
using AkkaFeeds.Telemetry;

namespace AkkaFeeds.Ingest;

/// <summary>
/// A lane: takes decoded records, classifies and groups them, sends rows to slots, and raises its ledger's floor.
/// <see cref="LaneProtocol"/> decides; this actor moves messages.
/// </summary>
// Starting (until the log's ends are known and the ledger is taken) -> Reading -> Draining (revoked, or the log has
// lost what comes next: no more records, and no more reports) -> stopped. Where the log has lost records above the
// floor Starting lasts until an operator decides: the ledger is asked again and again, and may have been told to let
// them go.
// A ledger that refuses a write belongs to a newer lane: this one stops at once.
internal sealed partial class LaneActor : UntypedActor, IWithTimers, ILanePort
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(250);
    private const int TicksPerAsk = 4;
    private const int TicksPerReport = 2;
    private const int TicksOfDrainMax = 20;

    private readonly ILoggingAdapter logger = Context.GetLogger();
    private readonly LaneId lane;
    private readonly string lease = Guid.NewGuid().ToString("N");
    private readonly IngestDependencies dependencies;
    private readonly ServedFeed feed;
    private readonly LaneClassifier classifier;
    private readonly LaneAccount account;
    private readonly OpenTransaction transaction = new();
    private readonly ReadInstant read = new();
    private LaneProtocol protocol = null!;
    private LaneEnd? ended;
    private DecodedBatch? held;
    private OffsetRange? log;
    private LedgerView? granted;
    private QuarantineSum quarantined = QuarantineSum.None;
    private bool isMissingRecords;
    private OffsetRange? loss;
    private long drainsUntilTick = long.MaxValue;
    private bool isDraining;
    private bool isProbedSinceGranted;
    private long probe = -1;
    private TimeSpan probeAt;
    private long endAtProbe = -1;
    private DateTimeOffset contactAt;
    private long observedTo;
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

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, TickEvery);

    protected override void PostStop()
    {
        dependencies.Board.Of(lane.Feed).Ended(lane, NameOf(ended));
        dependencies.Metrics.ForgetPartition(lane.Feed, lane.Topic, lane.Partition);
    }

    private void Reading(object message)
    {
        switch (message)
        {
            case IngestMessages.Records records:
                if (records.FetchGeneration == protocol.FetchGeneration)
                {
                    held = records.Batch;
                    OfferHeld();
                }

                break;
            case IngestMessages.ReadAgain:
                protocol.ReadAgain();
                break;
            case IngestMessages.Revoke:
                BeginToDrain();
                EndIfDrained();
                break;
            default:
                OnAny(message);
                break;
        }
    }

    private void Draining(object message)
    {
        if (message is not (IngestMessages.Records or IngestMessages.ReadAgain or IngestMessages.Revoke))
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
            case LedgerMessages.Written written when written.Lease == lease:
                OnWritten(written);
                break;
            case LedgerMessages.Refused refused when refused.Lease == lease:
                logger.Warning("Lane {Lane} ends: its ledger is held by {Holder}", lane, refused.Holder);
                protocol.OnRefused();
                break;
            case LedgerMessages.Taken or LedgerMessages.Denied or LedgerMessages.Written or LedgerMessages.Refused:
                break;
            case IngestMessages.ProbeBegins begins:
                NoteProbe(begins);
                endAtProbe = protocol.EndClaimed;
                break;
            case IngestMessages.ProbeAnswered answered:
                contactAt = answered.At;
                transaction.On(answered.Log.ToExclusive, answered.Written, answered.At);
                if (answered.Log.FromInclusive > protocol.Position)
                {
                    OnLoss();
                    break;
                }

                protocol.OnProbe(answered.Log, IsInTime(answered) ? endAtProbe : -1);
                if (!protocol.HasEnded)
                {
                    // At once: what is shown as the age of a feed would else be half a second older than it is.
                    Report();
                }

                break;
            case IngestMessages.SourceChanged:
                protocol.EndWith(new LaneEnd(LaneEndReason.SourceChanged));
                break;
            case IngestMessages.Lost:
                protocol.EndWith(new LaneEnd(LaneEndReason.Lost));
                break;
            case Tick:
                OnTick();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    // What was read before is made durable first: the range that is lost is then exact. A slot that does not answer
    // does not hold the condition back for longer than TicksOfDrainMax; the range is then told larger than it is.
    private void OnLoss()
    {
        if (drainsUntilTick == long.MaxValue)
        {
            drainsUntilTick = ticks + TicksOfDrainMax;
            BeginToDrain();
            dependencies.Board.Of(lane.Feed).Ended(lane, FeedBoard.LostRange);
            EndIfDrained();
        }
    }

    private void BeginToDrain()
    {
        held = null;
        isDraining = true;
        Become(Draining);
        protocol.Revoke();
    }

    private void NoteProbe(IngestMessages.ProbeBegins begins)
    {
        probe = begins.Number;
        probeAt = Context.System.Scheduler.MonotonicClock;
    }

    // With a full mailbox the broker may have been asked before this lane knew of it; then its answer proves nothing.
    private bool IsInTime(IngestMessages.ProbeAnswered answered) => answered.Number == probe
        && probeAt <= answered.AskedAt;

    private void OnTick()
    {
        ticks++;
        Write();
        if (ticks % TicksPerAsk == 0)
        {
            protocol.AskAll();
        }
        else
        {
            protocol.Ask(dependencies.Board.Of(lane.Feed).Slots.Behind());
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
            var classified = classifier.Classify(batch, protocol.Position, protocol.FetchGeneration);
            account.Read(classified);
            Observe(batch, classified);
            if (batch.Count > 0)
            {
                read.OnRecord(DateTimeOffset.FromUnixTimeMilliseconds(batch.Timestamps[^1]));
            }

            protocol.Offer(classified);
        }

        Context.Parent.Tell(new IngestMessages.Accepted(lane, protocol.FetchGeneration, protocol.Position));
    }

    // What is read again is no news of how fresh the feed is.
    private void Observe(DecodedBatch batch, ClassifiedBatch classified)
    {
        var meter = dependencies.Metrics.Freshness(lane.Feed);
        var now = Context.System.Scheduler.Now.ToUnixTimeMilliseconds();
        for (var index = 0; index < batch.Count; index++)
        {
            if (batch.Offsets[index] >= observedTo)
            {
                meter.Observe(FreshnessStage.Ingest, now - batch.Timestamps[index]);
            }
        }

        if (batch.IsLogAppendTime && feed.Compiled.Definition.Time is not null)
        {
            foreach (var block in classified.Blocks)
            {
                for (var row = 0; row < block?.Count; row++)
                {
                    if (block.Offsets[row] >= observedTo)
                    {
                        meter.Observe(FreshnessStage.Produce, block.Timestamps[row] - block.EventTimes[row]);
                    }
                }
            }
        }

        observedTo = Math.Max(observedTo, batch.Next);
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
        if (protocol.Unanswered is not { } write || write.Floor != written.Floor)
        {
            return;
        }

        protocol.OnWritten(written.Floor);
        account.FloorRose(write, Context.System.Scheduler.Now);
#if DEFECT_COMMIT_AHEAD
        Context.Parent.Tell(new IngestMessages.FloorRose(lane, protocol.Position, write.Leader.Epoch));
#else
        Context.Parent.Tell(new IngestMessages.FloorRose(lane, protocol.Floor, write.Leader.Epoch));
#endif
        OfferHeld();
    }

    private void EndIfDrained()
    {
        if (protocol.IsDrained || ticks >= drainsUntilTick)
        {
            protocol.EndWith(new LaneEnd(
                drainsUntilTick == long.MaxValue ? LaneEndReason.Revoked : LaneEndReason.LostRange));
        }
    }

    // A lane that drains reads no more: were it to go on, its word would stand against that of the next reader.
    private void Report()
    {
        if (isDraining)
        {
            return;
        }

        var atEnd = protocol.Position >= protocol.End;
        var heldSince = atEnd ? transaction.Since : null;
        var until = !atEnd ? read.Behind : heldSince < contactAt ? heldSince.Value : contactAt;
        if (atEnd)
        {
            read.OnEnd(until);
        }

        dependencies.Board.Of(lane.Feed).Report(new LaneReport(
            lane, protocol.Position, protocol.End, until.ToUnixTimeMilliseconds(), contactAt.ToUnixTimeMilliseconds(),
            isMissingRecords ? FeedBoard.LostRange : protocol.Counts.Unkeyed > 0 ? "quarantined" : null,
            heldSince?.ToUnixTimeMilliseconds())
        {
            Quarantined = account.Quarantined.Reasons,
            MissingSince = isMissingRecords ? null : account.Quarantined.Since(protocol.Counts.Unkeyed),
        });
        account.Report(protocol, Context.System.Scheduler.Now);
    }

    // What readers are told where a lane has ended that goes on only when an operator has decided.
    private static string? NameOf(LaneEnd? end) => end?.Reason switch
    {
        LaneEndReason.LostRange => FeedBoard.LostRange,
        LaneEndReason.SourceChanged => "source-changed",
        _ => null,
    };

    private void End(LaneEnd end)
    {
        ended = end;
        if (end is { Reason: LaneEndReason.SourceChanged, Range: { ToExclusive: > 0 } })
        {
            logger.Error(
                "Lane {Lane}: source-changed: the log no longer holds {Range}, which was read; its feed stays as it "
                + "is, because what is written there now would not be counted: name a new store", lane, end.Range);
        }

        Context.Parent.Tell(new IngestMessages.Ended(lane, end));
        Context.Stop(Self);
    }

    void ILanePort.Send(ISlotMessage message) => dependencies.Slots.Tell(message);

    void ILanePort.Rewind(long offset, int fetchGeneration, long newestEventTime, int recordsInVain)
    {
        held = null;
        read.OnRewind();
        classifier.Reset(newestEventTime);
        account.Rewound(recordsInVain);
        dependencies.Metrics.Rewind(lane.Feed);
        logger.Info("Lane {Lane} reads again from {Offset}, round {Round}", lane, offset, protocol.Round);
        Context.Parent.Tell(new IngestMessages.ReadFrom(lane, offset, fetchGeneration));
    }

    void ILanePort.Delivered(long applied, long duplicates, IReadOnlyList<Refusal> refused) =>
        account.Delivered(applied, duplicates, refused);

    void ILanePort.Ended(LaneEnd end) => End(end);

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }
}
