using Akka.Actor;
using Akka.Persistence;
using AkkaFeeds.Slots.Protocol;

namespace AkkaFeeds.Slots;

/// <summary>
/// A slot's snapshots: when one is due, its pieces, its manifest, and the clean-up behind it. A snapshot is the cut
/// of a
/// checkpoint and is saved only after that checkpoint's event, under its sequence number; the journal is cleaned only
/// behind a
/// confirmed manifest and never up to the newest event (rules 15 and 17).
/// </summary>
internal sealed class SlotSnapshots(string persistenceId, IActorRef store, IActorRef self)
{
    private const int BytesMin = 2 * 1024 * 1024;
    private const int CutsMax = 500;

    private ReadOnlyMemory<byte> whole;
    private IReadOnlyList<Piece>? pieces;
    private long journaledBytes;
    private long wholeBytes;
    private long firstSequenceNumber;
    private long sequenceNumber;
    private int piecesToSave;
    private int cuts;

    /// <summary>The bytes of the last checkpoint: the next one will be about as large.</summary>
    public int LastCutBytes { get; private set; }

    /// <summary>The persistence id under which a piece stands in the snapshot store.</summary>
    public static string PiecePersistenceId(string persistenceId, int index) => $"{persistenceId}#{index}";

    /// <summary>Asks for one piece; the answer goes to the slot.</summary>
    public void Load(string pieceId, long at) => store.Tell(
        new LoadSnapshot(pieceId, new SnapshotSelectionCriteria(at, DateTime.MaxValue, at, null), at), self);

    /// <summary>A checkpoint is being cut: where a snapshot is due, takes all keys of the same instant.</summary>
    public void OnCut(int bytes, Func<ReadOnlyMemory<byte>> cutWhole)
    {
        LastCutBytes = bytes;
        journaledBytes += bytes;
        cuts++;
        if (pieces is null && (journaledBytes > Math.Max(BytesMin, 4 * wholeBytes) || cuts > CutsMax))
        {
            whole = cutWhole();
        }
    }

    /// <summary>
    /// The checkpoint is stored from the first to the last sequence number: saves its snapshot, if it has one.
    /// </summary>
    public void OnCutStored(long first, long last)
    {
        if (whole.IsEmpty)
        {
            return;
        }

        wholeBytes = whole.Length;
        journaledBytes = 0;
        cuts = 0;
        firstSequenceNumber = first;
        sequenceNumber = last;
        pieces = Pieces.Cut("", whole);
        whole = default;
        piecesToSave = pieces.Count == 1 ? 0 : pieces.Count;
        if (piecesToSave == 0)
        {
            SaveManifest();
            return;
        }

        foreach (var piece in pieces)
        {
            Save(PiecePersistenceId(persistenceId, piece.Index), new SlotEvents.Stored(piece));
        }
    }

    /// <summary>Takes the snapshot store's answers; false where the message is none of them.</summary>
    /// <param name="message">The message.</param>
    /// <param name="newest">The newest sequence number of the journal.</param>
    /// <param name="deleteMessages">Deletes the journal up to a sequence number inclusive.</param>
    public bool TryHandle(object message, long newest, Action<long> deleteMessages)
    {
        switch (message)
        {
            case SaveSnapshotSuccess success when success.Metadata.PersistenceId == persistenceId:
                CleanUp(newest, deleteMessages);
                return true;
            case SaveSnapshotSuccess:
                if (pieces is not null && --piecesToSave == 0)
                {
                    SaveManifest();
                }

                return true;
            case SaveSnapshotFailure:
                // The journal still has everything; the next snapshot that is due tries again.
                pieces = null;
                return true;
            case DeleteMessagesSuccess or DeleteMessagesFailure or DeleteSnapshotsSuccess or DeleteSnapshotsFailure
                or DeleteSnapshotSuccess or DeleteSnapshotFailure:
                return true;
            default:
                return false;
        }
    }

    private void SaveManifest() => Save(
        persistenceId, new SlotEvents.Manifest(pieces!.Count, pieces.Count == 1 ? pieces[0].Bytes : default));

    private void Save(string id, object snapshot) =>
        store.Tell(new SaveSnapshot(new SnapshotMetadata(id, sequenceNumber, DateTime.UnixEpoch), snapshot), self);

    private void CleanUp(long newest, Action<long> deleteMessages)
    {
        var count = pieces?.Count ?? 0;
        pieces = null;
        var deleteTo = Math.Min(firstSequenceNumber, newest) - 1;
        if (deleteTo > 0)
        {
            deleteMessages(deleteTo);
        }

        var older = new SnapshotSelectionCriteria(sequenceNumber - 1);
        store.Tell(new DeleteSnapshots(persistenceId, older), self);
        for (var index = 0; index < Math.Max(count, 1); index++)
        {
            store.Tell(new DeleteSnapshots(PiecePersistenceId(persistenceId, index), older), self);
        }
    }
}
