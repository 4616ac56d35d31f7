namespace AkkaFeeds.Slots.Protocol;

/// <summary>
/// When a checkpoint is also saved as a snapshot, and what may be deleted behind it (rules 15 and 17).
/// </summary>
/// <param name="eventsPerSnapshot">How many events may stand behind the newest snapshot before the next is
/// taken.</param>
/// <param name="recoveredSnapshot">The sequence number of the snapshot that recovery began with, or 0.</param>
internal sealed class SnapshotPolicy(int eventsPerSnapshot, long recoveredSnapshot)
{
    private long newestSnapshot = recoveredSnapshot;
    private long saving;

    /// <summary>
    /// Whether the checkpoint that is about to be cut has to capture all keys, because it will be saved as a snapshot
    /// too.
    /// </summary>
    /// <param name="sequence">The slot's newest sequence number.</param>
    public bool IsDue(long sequence) => saving == 0 && sequence - newestSnapshot >= eventsPerSnapshot;

    /// <summary>
    /// All pieces of such a checkpoint are stored: the same cut is saved now, under this sequence number.
    /// </summary>
    public void Saving(long sequence) => saving = sequence;

    /// <summary>The snapshot is stored whole: what it replaces may go.</summary>
    /// <param name="ownSequence">The slot's newest sequence number that it knows to be stored.</param>
    public CleanUp Saved(long ownSequence)
    {
        newestSnapshot = saving;
        saving = 0;

        // The newest event carries the highest sequence number, and the fence compares with that: deleting it would
        // open a hole for a superseded incarnation to write into.
#if DEFECT_NEWEST_EVENT_DELETED
        return new CleanUp(Math.Min(newestSnapshot, ownSequence), newestSnapshot - 1);
#else
        return new CleanUp(Math.Min(newestSnapshot, ownSequence - 1), newestSnapshot - 1);
#endif
    }

    /// <summary>It could not be saved: the events stay, and the next checkpoint that is due tries again.</summary>
    public void NotSaved() => saving = 0;
}

/// <summary>What may be deleted.</summary>
/// <param name="EventsToInclusive">Events up to this sequence number.</param>
/// <param name="SnapshotsToInclusive">Snapshots up to this sequence number.</param>
internal readonly record struct CleanUp(long EventsToInclusive, long SnapshotsToInclusive);
