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
// Starting (until the log's ends are known and the ledger is taken) -> Reading -> Draining (revoked: no more records)
// -> stopped.
// A ledger that refuses a write belongs to a newer lane: this one stops at once.
internal sealed class LaneActor : UntypedActor, IWithTimers, ILanePort
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(250);
    private const int TicksPerAsk = 4;
    private const int TicksPerReport = 2;

    private readonly ILoggingAdapter logger = Context.GetLogger();
    private readonly LaneId lane;
    private readonly string lease = Guid.NewGuid().ToString("N");
    private readonly IngestDependencies dependencies;
    private readonly ServedFeed feed;
    private readonly LaneClassifier classifier;
    private readonly LaneAccount account;
    private readonly OpenTransaction transaction = new();
    private LaneProtocol protocol = null!;
    private LaneEnd? ended;
    private DecodedBatch? held;
    private OffsetRange? log;
    private LedgerView? granted;
    private bool isProbedSinceGranted;
    private long probe = -1;
    private TimeSpan probeAt;
    private long endAtProbe = -1;
    private DateTimeOffset contactAt;
    private DateTimeOffset readAt = DateTimeOffset.UnixEpoch;
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

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case IngestMessages.ProbeAnswered answered:
                contactAt = answered.At;
                log = answered.Log;
                if (granted is not null && isProbedSinceGranted && IsInTime(answered))
                {
                    Begin(granted, answered.Log);
                }
                else
                {
                    TakeLedger();
                }

                break;
            case LedgerMessages.Taken taken when taken.View.Lease == lease:
                granted ??= taken.View;
                break;
            case LedgerMessages.Denied denied when denied.Lease == lease:
                OnDenied(denied.Answer);
                break;
            case Tick:
                if (++ticks % TicksPerAsk == 0)
                {
                    TakeLedger();
                }

                break;
            case IngestMessages.Revoke or IngestMessages.Lost:
                End(new LaneEnd(message is IngestMessages.Lost ? LaneEndReason.Lost : LaneEndReason.Revoked));
                break;
            case IngestMessages.ProbeBegins begins:
                NoteProbe(begins);
                isProbedSinceGranted = granted is not null;
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void TakeLedger()
    {
        if (granted is null && log is { FromInclusive: var start })
        {
            dependencies.Ledgers.Tell(
                new LedgerMessages.Take(lane, lease, feed.Compiled.Hash, start, dependencies.GoOnAfterLoss));
        }
    }

    // The probe was begun after the lease was taken: an older one could show a log that is shorter than the floor by
    // now.
    private void Begin(LedgerView ledger, OffsetRange range)
    {
        protocol = new LaneProtocol(
            lane, feed.Slots, ledger, new LaneOptions { RowsInFlightMax = dependencies.RowsInFlightMax }, this);
        classifier.Reset(ledger.NewestEventTime);
        account.Begin(ledger.Counts, Context.System.Scheduler.Now);
        if (ledger.Floor > 0 && ledger.Floor == range.FromInclusive && ledger.Counts == default)
        {
            // A store that was lost looks like a new one, and nothing else knows of what the log has no more.
            logger.Warning(
                "Lane {Lane} is new to this store and its log begins at {Start}: what stood before is in no number",
                lane, ledger.Floor);
        }

        Become(Reading);
        protocol.Begin(range);
        if (protocol.HasEnded)
        {
            return;
        }

        Context.Parent.Tell(new IngestMessages.ReadFrom(lane, ledger.Floor, protocol.FetchGeneration));
        Context.Parent.Tell(new IngestMessages.FloorRose(lane, protocol.Floor, ledger.Leader.Epoch));
        Report();
        logger.Debug("Lane {Lane} starts at {Floor}", lane, ledger.Floor);
    }

    private void OnDenied(LeaseAnswer answer)
    {
        var range = log!.Value;
        End(answer switch
        {
            LeaseAnswer.LostRange => new LaneEnd(LaneEndReason.LostRange, range),
            _ => new LaneEnd(LaneEndReason.Stale),
        });
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
            case IngestMessages.Revoke:
                held = null;
                Become(Draining);
                protocol.Revoke();
                EndIfDrained();
                break;
            default:
                OnAny(message);
                break;
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
                protocol.OnProbe(answered.Log, IsInTime(answered) ? endAtProbe : -1);
                if (!protocol.HasEnded)
                {
                    // At once: what is shown as the age of a feed would else be half a second older than it is.
                    Report();
                }

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
            if (batch.Count > 0)
            {
                readAt = DateTimeOffset.FromUnixTimeMilliseconds(batch.Timestamps[^1]);
            }

            protocol.Offer(classified);
        }

        Context.Parent.Tell(new IngestMessages.Accepted(lane, protocol.FetchGeneration, protocol.Position));
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
        account.FloorRose(Context.System.Scheduler.Now);
        Context.Parent.Tell(new IngestMessages.FloorRose(lane, protocol.Floor, write.Leader.Epoch));
        OfferHeld();
    }

    private void EndIfDrained()
    {
        if (protocol.IsDrained)
        {
            protocol.EndWith(new LaneEnd(LaneEndReason.Revoked));
        }
    }

    private void Report()
    {
        var atEnd = protocol.Position >= protocol.End;
        var heldSince = atEnd ? transaction.Since : null;
        var until = !atEnd ? readAt : heldSince < contactAt ? heldSince.Value : contactAt;
        dependencies.Board.Of(lane.Feed).Report(new LaneReport(
            lane, protocol.Position, protocol.End, until.ToUnixTimeMilliseconds(), contactAt.ToUnixTimeMilliseconds(),
            protocol.Counts.Unkeyed > 0 ? "quarantined" : null, heldSince?.ToUnixTimeMilliseconds()));
        account.Report(protocol, Context.System.Scheduler.Now);
    }

    // What readers are told where a lane has ended that nobody will begin again by himself.
    private static string? NameOf(LaneEnd? end) => end?.Reason switch
    {
        LaneEndReason.LostRange => "lost-range",
        LaneEndReason.SourceChanged => "source-changed",
        _ => null,
    };

    private void End(LaneEnd end)
    {
        ended = end;
        if (end.Reason is LaneEndReason.LostRange or LaneEndReason.SourceChanged)
        {
            logger.Error("Lane {Lane} ends: {Condition}: {Range}", lane, end.Reason, end.Range);
        }

        Context.Parent.Tell(new IngestMessages.Ended(lane, end));
        Context.Stop(Self);
    }

    void ILanePort.Send(ISlotMessage message) => dependencies.Slots.Tell(message);

    void ILanePort.Rewind(long offset, int fetchGeneration, long newestEventTime, int recordsInVain)
    {
        held = null;
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
