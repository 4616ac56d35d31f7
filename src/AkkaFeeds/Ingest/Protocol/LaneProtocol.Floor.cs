namespace AkkaFeeds.Ingest.Protocol;

/// <content>How the floor rises (rule 5), and over what it does not.</content>
internal sealed partial class LaneProtocol
{
    /// <summary>
    /// What the ledger has to store for the floor to rise, or null where it cannot or a write is under way (rule 5).
    /// </summary>
    public LedgerWrite? PrepareWrite()
    {
        var floor = SlotTrack.LowestOpen(slots, Position);
        if (ended || IsWriting || rewindWanted || floor <= Floor || !Array.TrueForAll(slots, slot => slot.HasTold))
        {
            return null;
        }

        if (GoneBelow(floor) is { } gone)
        {
            EndWith(new LaneEnd(LaneEndReason.SourceChanged, new OffsetRange(gone, floor)));
            return null;
        }

        writing = account.Prepare(Lease, Floor, floor);
#if DEFECT_FLOOR_BEFORE_LEDGER
        Floor = floor;
#endif
        return writing;
    }

    /// <summary>
    /// The ledger has stored a write: the floor rises. The answer to a write that was sent twice comes twice; the
    /// second is not about the write under way, and does nothing.
    /// </summary>
    /// <param name="floor">The floor of the write that was stored.</param>
    public void OnWritten(long floor)
    {
        if (ended || writing is not { } write || write.Floor != floor)
        {
            return;
        }

        writing = null;
        Floor = write.Floor;
        account.Stored(write);
        foreach (var slot in slots)
        {
            slot.FloorRose(Floor);
        }

        if (rewindWanted)
        {
            Rewind();
        }
    }

    /// <summary>
    /// The write whose answer has not come: the ledger may or may not have it, so it is sent again as it was.
    /// </summary>
    public LedgerWrite? Unanswered => ended ? null : writing;

    // What a slot has folded or refused between the floor and there was read here, because all of the log was. If it
    // was not, the log was cut, and grew again until it was as long.
    private long? GoneBelow(long floor)
    {
        foreach (var slot in slots)
        {
            if (slot.Applied >= Floor && slot.Applied < floor
                && !IsSame(account.EpochOfRow(slot.Applied), slot.AppliedLeaderEpoch))
            {
                return slot.Applied;
            }
        }

        return account.RefusedUnread(floor);
    }

    private static bool IsSame(int? read, int folded) =>
        read is { } epoch && (epoch == folded || epoch < 0 || folded < 0);
}
