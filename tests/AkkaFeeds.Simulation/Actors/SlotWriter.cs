using AkkaFeeds.Simulation.Store;
using AkkaFeeds.Slots.Protocol;

namespace AkkaFeeds.Simulation.Actors;

/// <summary>
/// What a slot writes: its claim, its checkpoints in pieces, its snapshots; and the clean-up behind them.
/// </summary>
internal sealed class SlotWriter
{
    private const int TimeoutMilliseconds = 1_500;

    private readonly History history;
    private readonly World world;
    private readonly SlotActor slot;
    private readonly SlotProtocol protocol;
    private readonly SnapshotPolicy policy;
    private int checkpoints;
    private int token;
    private bool writing;

    public SlotWriter(History history, SlotActor slot, SlotProtocol protocol, long sequence, long snapshotSequence)
    {
        this.history = history;
        this.slot = slot;
        this.protocol = protocol;
        world = history.World;
        policy = new SnapshotPolicy(world.Plan.EventsPerSnapshot, snapshotSequence);
        Sequence = sequence;
    }

    /// <summary>The newest sequence number that is known to be stored.</summary>
    public long Sequence { get; private set; }

    private string StreamId => slot.Host.StreamId;

    /// <summary>Writes the claim.</summary>
    public void Claim()
    {
        if (world.Defect is Defect.NoClaim)
        {
            protocol.OnClaimStored();
            return;
        }

        Write([new Claimed(slot.Epoch)], Happening.ClaimFenced, () =>
        {
            Sequence++;
            protocol.OnClaimStored();
        });
    }

    /// <summary>Writes a checkpoint, where there is something to write and nothing under way.</summary>
    public void Checkpoint()
    {
        if (!protocol.CanCut || writing)
        {
            return;
        }

        var full = policy.IsDue(Sequence);
        var marks = protocol.Cut();
        if (world.Defect is Defect.RefusalsNotInCheckpoint)
        {
            marks = [.. marks.Select(mark => mark with { Refusals = [] })];
        }

        if (world.Defect is Defect.KeysCutLater)
        {
            writing = true;
            world.After(20, () =>
            {
                writing = false;
                if (slot.IsAlive)
                {
                    Store(marks, full);
                }
            });
            return;
        }

        Store(marks, full);
    }

    private void Store(IReadOnlyList<Watermark> marks, bool full)
    {
        var bytes = SlotImage.Encode(marks, history.Lanes, slot.Fold.Capture(full));
        var pieces = Pieces.Cut($"{slot.Epoch}.{checkpoints++}", bytes, world.Plan.PieceBytes);
        if (pieces.Count > 1)
        {
            world.Count(Happening.CheckpointInPieces);
        }

        if (full && world.Defect is Defect.SnapshotBeforeEvents)
        {
            policy.Saving(Sequence + pieces.Count);
            Save(Sequence + pieces.Count, bytes);
        }

        if (world.Defect is Defect.DurableBeforePersist)
        {
            protocol.OnCutStored();
        }

        Write(pieces, Happening.ZombieWriteFenced, () =>
        {
            Sequence += pieces.Count;
            world.Count(Happening.CheckpointStored);
            if (full && world.Defect is not Defect.SnapshotBeforeEvents)
            {
                policy.Saving(Sequence);
                Save(Sequence, bytes);
            }

            if (world.Defect is not Defect.DurableBeforePersist)
            {
                protocol.OnCutStored();
            }

            SlotDefects.AfterCheckpoint(world.Defect, protocol, slot);
            history.Check.Slot(slot);
        });
    }

    private void Write(IReadOnlyList<object> events, Happening whenFenced, Action stored)
    {
        writing = true;
        var mine = ++token;
        history.Journal.Write(
            StreamId, Sequence + 1, events, world.Plan.PiecesAtomic, (outcome, fenced) =>
                Answer(mine, outcome, fenced, whenFenced, stored));
        world.After(TimeoutMilliseconds, () =>
        {
            if (writing && token == mine && slot.IsAlive)
            {
                Fail("the store did not answer in time", stored);
            }
        });
    }

    private void Answer(int mine, WriteOutcome outcome, bool fenced, Happening whenFenced, Action stored)
    {
        if (fenced)
        {
            world.Log($"{slot.Epoch} is fenced at {Sequence + 1}");
            world.Count(slot.IsCurrent && slot.IsAlive ? whenFenced : Happening.ZombieWriteFenced);
        }

        if (!slot.IsAlive || !writing || token != mine)
        {
            return;
        }

        if (outcome is WriteOutcome.Stored
            || (outcome is WriteOutcome.Rejected && world.Defect is Defect.RejectionSwallowed))
        {
            writing = false;
            stored();
            return;
        }

        Fail($"the write was answered with {outcome}", stored);
    }

    private void Fail(string reason, Action stored)
    {
        writing = false;
        if (world.Defect is Defect.FailureSwallowed)
        {
            stored();
            return;
        }

        protocol.OnWriteFailed(reason);
    }

    private void Save(long sequence, byte[] bytes) => history.Journal.Save(StreamId, sequence, bytes, saved =>
    {
        if (!slot.IsAlive)
        {
            return;
        }

        if (!saved)
        {
            policy.NotSaved();
            return;
        }

        world.Count(Happening.SnapshotSaved);
        var cleanUp = policy.Saved(Sequence);
        world.Count(Happening.CleanUp);
        var upTo = world.Defect is Defect.CleanUpDeletesNewest ? Sequence : cleanUp.EventsToInclusive;
        history.Journal.Delete(StreamId, upTo);
        history.Journal.DeleteSnapshots(StreamId, cleanUp.SnapshotsToInclusive);
    });
}
