using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using AkkaFeeds.Contracts;
using AkkaFeeds.Ingest.Protocol;

namespace AkkaFeeds.Ingest;

/// <summary>
/// The ledger of a lane: one small event a floor. Answers only what is durable; a write of another lease than its own
/// is
/// refused, so that of two lanes for one partition only the newer can move the floor.
/// </summary>
// Recovering (Akka replays) -> Live -> stopped. A write that fails or is rejected stops the actor; it recovers and
// the lane asks again.
internal sealed class LedgerActor : UntypedPersistentActor
{
    private const int EventsPerSnapshot = 300;

    private readonly ILoggingAdapter log = Context.GetLogger();
    private readonly string id;
    private readonly LedgerState state;
    private OffsetRange? loss;
    private long snapshotAt;

    public LedgerActor(string id, long entryBytesMax)
    {
        this.id = id;
        state = new LedgerState(entryBytesMax);
        PersistenceId = PersistenceIdOf(id);
    }

    public override string PersistenceId { get; }

    /// <summary>The persistence id of the ledger of a lane, from the lane's text.</summary>
    public static string PersistenceIdOf(string id) => $"ledger.{id}";

    public static Props Props(string id, long entryBytesMax) =>
        Akka.Actor.Props.Create(() => new LedgerActor(id, entryBytesMax));

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: LedgerEvents.Snapshot snapshot } offer:
                state.Restore(
                    snapshot.View, snapshot.Definition, snapshot.Entries, snapshot.Lost, snapshot.LetsGo);
                snapshotAt = offer.Metadata.SequenceNr;
                break;
            case LedgerEvents.Took took:
                state.Apply(took.Content);
                break;
            case LedgerEvents.Stored stored:
                state.Apply(stored.Content);
                break;
            case LedgerEvents.LetGo letGo:
                state.Apply(letGo.Content);
                break;
            case RecoveryCompleted:
                break;
            default:
                throw new InvalidDataException(
                    $"{PersistenceId} holds a {message.GetType().Name}, which is no ledger's event");
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case LedgerMessages.Take take:
                OnTake(take);
                break;
            case LedgerMessages.Write write:
                OnWrite(write);
                break;
            case LedgerMessages.GetLoss query:
                OnGetLoss(query);
                break;
            case LedgerMessages.GetStatus query:
                Sender.Tell(new LedgerMessages.Status(query.Lane));
                break;
            case LedgerMessages.GetEntries query:
                Sender.Tell(
                    new LedgerMessages.EntryList(query.Lane, state.Counts, [.. state.Entries], [.. state.Lost]));
                break;
            case SaveSnapshotSuccess success:
                DeleteMessages(success.Metadata.SequenceNr - 1);
                DeleteSnapshots(new SnapshotSelectionCriteria(success.Metadata.SequenceNr - 1));
                break;
            case SaveSnapshotFailure failure:
                log.Warning(failure.Cause, "Ledger {Ledger} could not save a snapshot", id);
                break;
            case DeleteMessagesSuccess or DeleteMessagesFailure or DeleteSnapshotsSuccess or DeleteSnapshotsFailure:
                break;
            case SlotStop:
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnTake(LedgerMessages.Take take)
    {
        if (take.Lease == state.Lease)
        {
            // Asked again because the answer was lost, or is still under way: the lease is held already.
            Sender.Tell(TakenOf(take.Lane));
            return;
        }

        var answer = state.Decide(take.Lease, take.Definition, take.LogStart, out var taken);
        loss = state.LossAt(take.LogStart);
        if (answer != LeaseAnswer.Granted)
        {
            Sender.Tell(new LedgerMessages.Denied(take.Lane, take.Lease, answer, loss));
            return;
        }

        Persist(new LedgerEvents.Took(taken!), took =>
        {
            state.Apply(took.Content);
            Sender.Tell(TakenOf(take.Lane));
            SnapshotIfDue();
        });
    }

    private LedgerMessages.Taken TakenOf(LaneId lane) => new(lane, state.View, [.. state.Lost], state.Quarantined);

    // A loss is known while a lane asks for the ledger in vain, every second: only that can be let go.
    private void OnGetLoss(LedgerMessages.GetLoss query)
    {
        if (loss is not { } range || !query.LetGo)
        {
            Sender.Tell(new LedgerMessages.Loss(query.Lane, loss));
            return;
        }

        Persist(new LedgerEvents.LetGo(new LossLetGo(range)), letGo =>
        {
            state.Apply(letGo.Content);
            loss = null;
            log.Warning("Ledger {Ledger}: the operator lets go what its log has lost, {Range}", id, range);
            Sender.Tell(new LedgerMessages.Loss(query.Lane, range));
        });
    }

    private void OnWrite(LedgerMessages.Write write)
    {
        var content = write.Content;
        if (!state.Accepts(content))
        {
            Sender.Tell(new LedgerMessages.Refused(write.Lane, content.Lease, state.Lease ?? ""));
        }
        else if (state.HasStored(content))
        {
            Sender.Tell(new LedgerMessages.Written(write.Lane, content.Lease, content.Floor));
        }
        else
        {
            Persist(new LedgerEvents.Stored(state.ToEvent(content)), stored =>
            {
                state.Apply(stored.Content);
                Sender.Tell(new LedgerMessages.Written(write.Lane, content.Lease, content.Floor));
                SnapshotIfDue();
            });
        }
    }

    private void SnapshotIfDue()
    {
        if (LastSequenceNr - snapshotAt >= EventsPerSnapshot)
        {
            snapshotAt = LastSequenceNr;
            SaveSnapshot(new LedgerEvents.Snapshot(
                state.View, state.DefinitionHash!, [.. state.Entries], [.. state.Lost], state.LetsGo));
        }
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        log.Warning(cause, "Ledger {Ledger} could not store event {SequenceNumber} and starts over", id, sequenceNr);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        log.Warning(
            cause, "The store rejected event {SequenceNumber} of ledger {Ledger}, which starts over", sequenceNr, id);
        Context.Stop(Self);
    }
}
