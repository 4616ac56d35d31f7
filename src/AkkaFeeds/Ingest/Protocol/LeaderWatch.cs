using AkkaFeeds.Contracts;

namespace AkkaFeeds.Ingest.Protocol;

/// <summary>
/// Notices that the log was cut and written anew below what a slot has folded (rule 18). It begins with what the
/// ledger knows, because the lane before may have read on where no slot heard of it.
/// </summary>
internal sealed class LeaderWatch(LeaderMark ledger)
{
    private LeaderMark newest = ledger;

    /// <summary>Takes a batch that is about to be sent.</summary>
    /// <returns>What is gone of what a slot has folded, or null.</returns>
    public OffsetRange? Take(ClassifiedBatch batch, SlotTrack[] slots)
    {
        if (batch.LeaderEpoch <= newest.Epoch || batch.Offsets.Length == 0)
        {
            return null;
        }

        newest = new LeaderMark(batch.LeaderEpoch, batch.Offsets[0]);
        foreach (var slot in slots)
        {
            if (newest.Contradicts(slot.Applied, slot.AppliedLeaderEpoch))
            {
                return new OffsetRange(newest.Start, slot.Applied + 1);
            }
        }

        return null;
    }

    /// <summary>Takes what a slot says of where it stands.</summary>
    /// <returns>What is gone of what it has folded, or null.</returns>
    public OffsetRange? Take(LaneMessages.State state) =>
        newest.Contradicts(state.Applied, state.LeaderEpoch)
            ? new OffsetRange(newest.Start, state.Applied + 1)
            : null;
}
