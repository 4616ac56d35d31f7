namespace AkkaFeeds.Slots.Protocol;

/// <summary>
/// Whether a replay is whole. A slot reads its snapshot first and its events afterwards; in between another
/// incarnation may have confirmed a newer snapshot and deleted what stands behind it, and then events are missing in
/// the middle. Such a recovery begins again, with the newer snapshot.
/// </summary>
/// <param name="snapshotSequence">The sequence number of the snapshot, or 0.</param>
internal sealed class ReplayCheck(long snapshotSequence)
{
    private long last = snapshotSequence;

    /// <summary>Whether an event was missing before one that was taken.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Takes the next event's sequence number.</summary>
    public void Take(long sequence)
    {
        IsBroken |= sequence != last + 1;
        last = sequence;
    }

    /// <summary>
    /// Whether the recovery is whole, now that the journal has said what its highest sequence number is.
    /// </summary>
#if DEFECT_HOLE_IN_REPLAY_TAKEN
    public bool IsWhole(long highestSequence) => highestSequence <= last;
#else
    public bool IsWhole(long highestSequence) => !IsBroken && highestSequence <= last;
#endif
}
