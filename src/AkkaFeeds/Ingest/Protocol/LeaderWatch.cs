using AkkaFeeds.Contracts;

namespace AkkaFeeds.Ingest.Protocol;

/// <summary>
/// Notices that the log was cut and written anew below what a slot has folded (rule 18). Leader epochs never fall
/// along a log, so a
/// record that stands at or below a slot's row under a newer epoch than that row's proves that the row is gone.
/// </summary>
internal sealed class LeaderWatch
{
    private int newestEpoch = -1;
    private long newestStart;

    /// <summary>Takes a batch that is about to be sent.</summary>
    /// <returns>What is gone of what a slot has folded, or null.</returns>
    public OffsetRange? Take(ClassifiedBatch batch, SlotTrack[] slots)
    {
        if (batch.LeaderEpoch <= newestEpoch || batch.Offsets.Length == 0)
        {
            return null;
        }

        newestEpoch = batch.LeaderEpoch;
        newestStart = batch.Offsets[0];
        foreach (var slot in slots)
        {
            if (Contradicts(slot.Applied, slot.AppliedLeaderEpoch))
            {
                return new OffsetRange(newestStart, slot.Applied + 1);
            }
        }

        return null;
    }

    /// <summary>Takes what a slot says of where it stands.</summary>
    /// <returns>What is gone of what it has folded, or null.</returns>
    public OffsetRange? Take(LaneMessages.State state) =>
        Contradicts(state.Applied, state.LeaderEpoch) ? new OffsetRange(newestStart, state.Applied + 1) : null;

    private bool Contradicts(long applied, int leaderEpoch) =>
        newestEpoch >= 0 && applied >= newestStart && leaderEpoch >= 0 && leaderEpoch < newestEpoch;
}
