using AkkaFeeds.Contracts;
using AkkaFeeds.Simulation.Store;
using AkkaFeeds.Slots.Protocol;

namespace AkkaFeeds.Simulation.Actors;

/// <summary>
/// Recovery: the newest whole snapshot, then the events behind it, checkpoints only with all their pieces.
/// </summary>
internal sealed class SlotReplay(History history, string streamId)
{
    private readonly Dictionary<LaneId, Watermark> marks = [];
    private readonly PieceAssembler assembler = new();

    public SlotFold Fold { get; } = history.NewFold();

    public IReadOnlyList<Watermark> Marks => [.. marks.Values];

    /// <summary>The slot's newest sequence number.</summary>
    public long Sequence { get; private set; }

    /// <summary>Reads everything; false where the replay has a hole.</summary>
    public bool Run(StoredSnapshot? snapshot)
    {
        var stream = history.Journal.StreamOf(streamId);
        if (snapshot is { } found)
        {
            history.World.Count(Happening.SnapshotRecovered);
            Take(found.Bytes);
            Sequence = found.Sequence;
        }

        var check = new ReplayCheck(Sequence);
        var partial = new List<ReadOnlyMemory<byte>>();
        foreach (var stored in stream.Events)
        {
            if (stored.Sequence <= Sequence)
            {
                continue;
            }

            check.Take(stored.Sequence);
            if (stored.Event is Piece piece)
            {
                TakePartial(partial, piece);
                if (piece.Index == partial.Count)
                {
                    partial.Add(piece.Bytes);
                }

                if (assembler.TryComplete(piece, stored.Sequence, out var whole))
                {
                    Take(whole);
                    partial.Clear();
                }
            }
            else
            {
                TakePartial(partial, null);
                assembler.Interrupt();
            }

            Sequence = stored.Sequence;
        }

        TakePartial(partial, null);
        assembler.Interrupt();
        history.World.Count(Happening.CheckpointIncompleteIgnored, assembler.Incomplete);
        return check.IsWhole(stream.Highest);
    }

    // The defect takes what there is of an incomplete checkpoint when its first piece is followed by something else.
    private void TakePartial(List<ReadOnlyMemory<byte>> partial, Piece? next)
    {
        if (next is { Index: > 0 } || partial.Count == 0)
        {
            return;
        }

        if (history.World.Defect is Defect.IncompleteCheckpointTaken)
        {
            Take(partial.SelectMany(part => part.ToArray()).ToArray());
        }

        partial.Clear();
    }

    private void Take(ReadOnlyMemory<byte> bytes)
    {
        foreach (var mark in SlotImage.Decode(bytes, history.Lanes, Fold.Restore))
        {
            marks[mark.Lane] = mark;
        }
    }
}
