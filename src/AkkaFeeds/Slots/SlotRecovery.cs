using Akka.Persistence;
using AkkaFeeds.Slots.Keys;
using AkkaFeeds.Slots.Protocol;

namespace AkkaFeeds.Slots;

/// <summary>
/// Puts a slot's state together from the newest snapshot and the complete checkpoints behind it (rule 16). Bytes are kept until
/// all of the snapshot's pieces are there, because a later checkpoint must replace what the snapshot says.
/// </summary>
internal sealed class SlotRecovery(string persistenceId, string definition, SlotKeys keys)
{
    private readonly Pieces assembling = new();
    private readonly List<ReadOnlyMemory<byte>> checkpoints = [];
    private readonly List<ReadOnlyMemory<byte>> snapshot = [];
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
    }

    /// <summary>Takes an event; one that the snapshot already holds is passed over.</summary>
    public void On(SlotEvents.Piece piece, long sequenceNumber)
    {
        if (sequenceNumber > manifestAt && assembling.Add(piece) is { } checkpoint)
        {
            checkpoints.Add(checkpoint);
        }
    }

    /// <summary>Takes a piece of the snapshot.</summary>
    /// <exception cref="InvalidDataException">The snapshot store has a manifest without its piece.</exception>
    public void On(LoadSnapshotResult loaded) =>
        snapshot.Add(loaded.Snapshot?.Snapshot is SlotEvents.Piece piece
            ? piece.Bytes
            : throw new InvalidDataException(
                $"piece {snapshot.Count} of {manifest!.Count} of {persistenceId}'s snapshot at {manifestAt} is missing"));

    /// <summary>Loads the keys, and returns the newest watermarks.</summary>
    public IReadOnlyList<Watermark> Finish()
    {
        IReadOnlyList<Watermark> marks = [];
        if (manifest is { } offered)
        {
            var bytes = offered.Count == 1 ? offered.Bytes : Pieces.Join(snapshot);
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
}
