using Akka.Persistence;
using AkkaFeeds.Slots.Keys;
using AkkaFeeds.Slots.Protocol;

namespace AkkaFeeds.Slots;

/// <summary>
/// Puts a slot's state together from the newest snapshot and the complete checkpoints behind it (rule 16). Bytes are
/// kept until
/// all of the snapshot's pieces are there, because a later checkpoint must replace what the snapshot says.
/// </summary>
internal sealed class SlotRecovery(string persistenceId, string definition, SlotKeys keys)
{
    private readonly PieceAssembler assembling = new();
    private readonly List<ReadOnlyMemory<byte>> checkpoints = [];
    private readonly List<ReadOnlyMemory<byte>> snapshot = [];
    private ReplayCheck replay = new(snapshotSequence: 0);
    private SlotEvents.Manifest? manifest;
    private long manifestAt;

    /// <summary>The next piece of the snapshot to load, or null when all are there.</summary>
    public (string PersistenceId, long SequenceNumber)? NextPiece =>
        manifest is { Count: > 1 } && snapshot.Count < manifest.Count
            ? (SlotSnapshots.PiecePersistenceId(persistenceId, snapshot.Count), manifestAt)
            : null;

    /// <summary>Takes the newest snapshot's manifest.</summary>
    public void On(SlotEvents.Manifest offered, long sequenceNumber)
    {
        manifest = offered;
        manifestAt = sequenceNumber;
        replay = new ReplayCheck(sequenceNumber);
    }

    /// <summary>Takes any event's sequence number, before what it holds.</summary>
    public void Take(long sequenceNumber) => replay.Take(sequenceNumber);

    /// <summary>Takes a piece of a checkpoint; one that the snapshot already holds is passed over.</summary>
    public void On(Piece piece, long sequenceNumber)
    {
        if (sequenceNumber > manifestAt && assembling.TryComplete(piece, sequenceNumber, out var checkpoint))
        {
            checkpoints.Add(checkpoint);
        }
    }

    /// <summary>Takes a piece of the snapshot.</summary>
    /// <exception cref="InvalidDataException">The snapshot store has a manifest without its piece.</exception>
    public void On(LoadSnapshotResult loaded) =>
        snapshot.Add(loaded.Snapshot?.Snapshot is SlotEvents.Stored stored
            ? stored.Piece.Bytes
            : throw new InvalidDataException(
                $"piece {snapshot.Count} of {manifest!.Count} of {persistenceId}'s snapshot at {manifestAt} is missing"));

    /// <summary>Loads the keys, and returns the newest watermarks.</summary>
    /// <param name="highest">The journal's highest sequence number.</param>
    /// <exception cref="InvalidDataException">
    /// Events are missing behind the snapshot: another incarnation saved a newer one meanwhile and deleted what stood
    /// before it. The
    /// next recovery begins with that.
    /// </exception>
    public IReadOnlyList<Watermark> Finish(long highest)
    {
        if (!replay.IsWhole(highest))
        {
            throw new InvalidDataException(
                $"{persistenceId} was replayed with a hole behind its snapshot at {manifestAt}");
        }

        IReadOnlyList<Watermark> marks = [];
        if (manifest is { } offered)
        {
            var bytes = offered.Count == 1 ? offered.Bytes : Join(snapshot);
            marks = CheckpointCodec.Load(bytes.Span, definition, keys);
        }

        foreach (var checkpoint in checkpoints)
        {
            marks = CheckpointCodec.Load(checkpoint.Span, definition, keys);
        }

        checkpoints.Clear();
        snapshot.Clear();
        return marks;
    }

    private static ReadOnlyMemory<byte> Join(List<ReadOnlyMemory<byte>> parts)
    {
        var joined = new byte[parts.Sum(part => part.Length)];
        var at = 0;
        foreach (var part in parts)
        {
            part.CopyTo(joined.AsMemory(at));
            at += part.Length;
        }

        return joined;
    }
}
