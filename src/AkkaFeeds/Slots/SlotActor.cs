using System.Buffers;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using AkkaFeeds.Contracts;
using AkkaFeeds.Slots.Keys;
using AkkaFeeds.Slots.Protocol;
using AkkaFeeds.Slots.Watching;

namespace AkkaFeeds.Slots;

/// <summary>
/// A slot: folds rows, answers lanes and edges, and makes its state durable every checkpoint. What to do is decided by
/// <see cref="SlotProtocol"/>; this actor moves messages and bytes.
/// </summary>
// Recovering (Akka replays) -> Assembling (a snapshot's pieces) -> Claiming (its first event) -> Live -> Draining ->
// stopped.
// Whatever fails in between stops the actor; its supervisor starts the next incarnation after a while, and that one
// recovers.
internal sealed partial class SlotActor : UntypedPersistentActor, IWithTimers, ISlotPort
{
    private const int TicksPerCount = 4;
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(250);

    // A change is told at once where none was told just before; in a burst, entities are told so often.
    private static readonly TimeSpan PublishEvery = TimeSpan.FromMilliseconds(10);

    // A store that is down refuses at once: asked again at once, it would be asked a thousand times a second.
    private static readonly TimeSpan AskStoreAgainAfter = TimeSpan.FromMilliseconds(500);

    private readonly ILoggingAdapter log = Context.GetLogger();
    private readonly Dictionary<LaneId, IActorRef> lanes = [];
    private readonly SlotDependencies dependencies;
    private readonly SlotId slot;
    private readonly ServedFeed feed;
    private readonly SlotKeys keys;
    private readonly SlotRecovery recovery;
    private readonly SlotSnapshots snapshots;
    private readonly MainPartition main;
    private SlotProtocol protocol = null!;
    private SlotViews views = null!;
    private SlotEntities entities = null!;
    private IActorRef? replyTo;
    private TimeSpan publishedAt;
    private TimeSpan cutAt;
    private bool isBehind;
    private long ticks;
    private bool draining;
    private int cuts;

    public SlotActor(SlotId slot, SlotDependencies dependencies)
    {
        this.slot = slot;
        this.dependencies = dependencies;
        feed = dependencies.Feeds[slot.Feed];
        main = new MainPartition(dependencies.Board.Of(slot.Feed).Slots.MainOf(slot.Index));
        keys = new SlotKeys(feed.Compiled.View);
        PersistenceId = PersistenceIdOf(slot);
        recovery = new SlotRecovery(PersistenceId, feed.Compiled.Hash, keys);
        snapshots =
            new SlotSnapshots(PersistenceId, Persistence.Instance.Apply(Context.System).SnapshotStoreFor(null), Self);
    }

    public override string PersistenceId { get; }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The persistence id of a slot.</summary>
    public static string PersistenceIdOf(SlotId slot) => $"slot.{slot}";

    public static Props Props(SlotId slot, SlotDependencies dependencies) =>
        Akka.Actor.Props.Create(() => new SlotActor(slot, dependencies));

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: SlotEvents.Manifest manifest } offer:
                recovery.On(manifest, offer.Metadata.SequenceNr);
                break;
            case SlotEvents.Stored stored:
                recovery.Take(LastSequenceNr);
                recovery.On(stored.Piece, LastSequenceNr);
                break;
            case SlotEvents.Claim:
                recovery.Take(LastSequenceNr);
                break;
            case RecoveryCompleted:
                dependencies.Metrics.Recovered(slot.Feed);
                Assemble();
                break;
            default:
                throw new InvalidDataException(
                    $"{PersistenceId} holds a {message.GetType().Name}, which is no slot's event");
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case LoadSnapshotResult loaded:
                recovery.On(loaded);
                Assemble();
                break;
            case LoadSnapshotFailed failed:
                throw new InvalidDataException($"a piece of {PersistenceId}'s snapshot cannot be read", failed.Cause);
            case SlotStop:
                draining = true;
                Context.Stop(Self);
                break;
            default:
                Stash.Stash();
                break;
        }
    }

    private void Assemble()
    {
        if (recovery.NextPiece is { } piece)
        {
            snapshots.Load(piece.PersistenceId, piece.SequenceNumber);
            return;
        }

        var marks = recovery.Finish(LastSequenceNr);
        var owner = Guid.NewGuid().ToString("N")[..12];
        Persist(new SlotEvents.Claim(owner), _ =>
        {
            var incarnation = LastSequenceNr;
#if DEFECT_EPOCH_KEPT
            var epoch = $"{dependencies.Registry.TopicsTagOf(feed)}.{slot.Generation}.1";
#else
            var epoch = $"{dependencies.Registry.TopicsTagOf(feed)}.{slot.Generation}.{LastSequenceNr}{owner[..6]}";
#endif
            protocol = new SlotProtocol(slot, epoch, marks, this);
            protocol.OnClaimStored();
            views = new SlotViews(
                feed, keys, protocol, dependencies.Board.Of(slot.Feed), incarnation,
                Context.System.Scheduler.Now.ToUnixTimeMilliseconds());
            entities = new SlotEntities(slot, incarnation, epoch, keys, views, dependencies.Metrics, Context);
            log.Debug("Slot {Slot} recovered {Keys} keys as {Epoch}", slot, keys.Count, epoch);
            Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, TickEvery);
            Timers.StartSingleTimer(nameof(CutDue), CutDue.Instance, dependencies.CheckpointEvery);
            Become(Live);
            Stash.UnstashAll();
            OnTick();
        });
    }

    private void Live(object message)
    {
        switch (message)
        {
            case LaneMessages.IFromLane fromLane:
                OnLane(fromLane);
                break;
            case WatchMessages.IFromNode fromNode:
                entities.On(fromNode, Sender, Context.System.Scheduler.MonotonicClock);
                break;
            case PublishDue:
                Publish();
                break;
            case SlotQueries.GetKey query:
                Sender.Tell(views.Snapshot(query.Key));
                break;
            case SlotQueries.ListKeys query:
                Sender.Tell(views.List(query));
                break;
            case SlotQueries.GetRows query:
                Sender.Tell(views.Answer(query));
                break;
            case SlotQueries.GetStatus:
                Sender.Tell(new SlotQueries.SlotStatus(slot, protocol.Epoch, keys.Count, protocol.IsRebuilding));
                break;
            case LaneMessages.CheckpointNow or CutDue:
                CutIfNews();
                break;
            case Tick:
                OnTick();
                break;
            case Highest highest:
                replyTo = null;
                protocol.OnHighest(highest.SequenceNumber, LastSequenceNr);
                PublishSoon();
                break;
            case HighestFailed failed:
                log.Debug("Slot {Slot} cannot ask the store for its last event: {Cause}", slot, failed.Cause.Message);
                Timers.StartSingleTimer(nameof(AskAgain), AskAgain.Instance, AskStoreAgainAfter);
                break;
            case AskAgain:
                protocol.OnHighestFailed();
                break;
            case SlotStop:
                Drain();
                break;
            default:
                if (!snapshots.TryHandle(message, LastSequenceNr, DeleteMessages))
                {
                    Unhandled(message);
                }

                break;
        }
    }

    // Entered when the slot is handed over or the node leaves: what is folded becomes durable, and then the slot ends.
    private void Draining(object message)
    {
        switch (message)
        {
            case LaneMessages.IFromLane or SlotStop or Tick or CutDue or LaneMessages.CheckpointNow:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnLane(LaneMessages.IFromLane message)
    {
        lanes[message.Lane] = Sender;
        replyTo = Sender;
        protocol.On(message);
        if (message is LaneMessages.Rows rows)
        {
            main.Count(rows.Lane, rows.Block.Count);
            dependencies.Metrics.SlotRows(slot.Feed, Sender.Path.Address.HasLocalScope, rows.Block.Count);
            PublishSoon();
        }

        if (isBehind && !protocol.IsRebuilding)
        {
            OnTick();
        }
    }

    private void PublishSoon()
    {
        if (!entities.HasNews || Timers.IsTimerActive(nameof(PublishDue)))
        {
            return;
        }

        var pause = publishedAt + PublishEvery - Context.System.Scheduler.MonotonicClock;
        if (pause <= TimeSpan.Zero)
        {
            Publish();
        }
        else
        {
            Timers.StartSingleTimer(nameof(PublishDue), PublishDue.Instance, pause);
        }
    }

    private void Publish()
    {
        publishedAt = Context.System.Scheduler.MonotonicClock;
        entities.Publish();
    }

    private void OnTick()
    {
        var board = dependencies.Board.Of(slot.Feed);
        main.Tick(Context.System.Scheduler.MonotonicClock);
        protocol.Expect(board.Awaited, board.Partitions.Count > 0);
        var isNews = isBehind != protocol.IsRebuilding;
        isBehind = protocol.IsRebuilding;
        board.Slots.Is(slot.Index, isBehind, main.Found);
        if (ticks++ % TicksPerCount == 0 || isNews)
        {
            views.Count(dependencies.Metrics);
        }

        if (isNews)
        {
            // The report counts what was told before it: a node calls nothing live that lacks some of it.
            Publish();
        }

        entities.Report(Context.System.Scheduler.MonotonicClock);
    }

    private void CutIfNews()
    {
        if (!protocol.CanCut)
        {
            if (!protocol.CutInFlight)
            {
                keys.PackQuiet();
                Timers.StartSingleTimer(nameof(CutDue), CutDue.Instance, dependencies.CheckpointEvery);
            }

            return;
        }

        cutAt = Context.System.Scheduler.MonotonicClock;
        var marks = protocol.Cut();
        var bytes = new ArrayBufferWriter<byte>(Math.Max(1024, snapshots.LastCutBytes + (snapshots.LastCutBytes / 8)));
        CheckpointCodec.WriteHeader(bytes, feed.Compiled.Hash, marks);
        keys.Cut(new KeyBytesWriter(bytes));
        snapshots.OnCut(bytes.WrittenCount, () => Whole(marks));
        var pieces = Pieces.Cut($"{protocol.Epoch}.{++cuts}", bytes.WrittenMemory);
        PersistAllAsync(pieces.Select(piece => new SlotEvents.Stored(piece)), stored =>
        {
            if (stored.Piece.Index == stored.Piece.Count - 1)
            {
                OnCutStored(stored.Piece.Count);
            }
        });
    }

    private ReadOnlyMemory<byte> Whole(IReadOnlyList<Watermark> marks)
    {
        var bytes = new ArrayBufferWriter<byte>(64 * 1024);
        CheckpointCodec.WriteHeader(bytes, feed.Compiled.Hash, marks);
        keys.CutWhole(new KeyBytesWriter(bytes));
        return bytes.WrittenMemory;
    }

    private void OnCutStored(int pieceCount)
    {
        var took = Context.System.Scheduler.MonotonicClock - cutAt;
        dependencies.Metrics.CheckpointTook(slot.Feed, took);
        protocol.OnCutStored();
        snapshots.OnCutStored(LastSequenceNr - pieceCount + 1, LastSequenceNr);

        // A store that needs long for a checkpoint gets them less often, so that it spends at most half of its time
        // on them.
        var pause = dependencies.CheckpointEvery - took;
        Timers.StartSingleTimer(nameof(CutDue), CutDue.Instance, pause > took ? pause : took);
        if (draining)
        {
            Drain();
        }
    }

    private void Drain()
    {
        draining = true;
        if (protocol.CutInFlight)
        {
            return;
        }

        if (protocol.CanCut)
        {
            CutIfNews();
            Become(Draining);
            return;
        }

        Context.Stop(Self);
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        // That the store is down was said once, by the probe; each slot tries again until it is not.
        if (dependencies.Board.Store.DownSince is null)
        {
            base.OnRecoveryFailure(reason, message);
        }
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        log.Warning(cause, "Slot {Slot} could not store event {SequenceNumber} and starts over", slot, sequenceNr);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        // A rejection leaves open what the store holds, exactly as a failure does.
        log.Warning(
            cause, "The store rejected event {SequenceNumber} of slot {Slot}, which starts over", sequenceNr, slot);
        Context.Stop(Self);
    }

    protected override void PreStart()
    {
        dependencies.Board.Of(slot.Feed).Slots.Is(slot.Index, isRebuilding: true, main.Found);
        base.PreStart();
    }

    protected override void PostStop()
    {
        dependencies.Board.Of(slot.Feed).Slots.Ended(slot.Index, inOrder: draining);
        dependencies.Metrics.ForgetSlot(slot.Feed, slot.Index);
        base.PostStop();
    }
}
