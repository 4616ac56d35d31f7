using AkkaFeeds.Contracts;

namespace AkkaFeeds.Slots.Protocol;

/// <summary>What a slot does where a message contradicts what it has folded.</summary>
internal sealed partial class SlotProtocol
{
    // Rows that the lane believes sent are missing. Where its floor calls them durable, either a newer incarnation
    // made them so, or the store went back; only the journal knows. Else they were lost under way, and the log has
    // them.
    private void Behind(LaneMessages.IFromLane message, PartitionTrack track, long previous, bool verified)
    {
        if (previous >= message.Floor)
        {
            port.Reply(message, new LaneMessages.Gap(slot, message.Lane, message.Lease, message.Round));
            return;
        }

        if (!verified)
        {
            held.Add(message);
            Verify();
            return;
        }

        Refuse(
            message,
            track,
            "store-rolled-back",
            $"{message.Lane} sent {previous} and knows {message.Floor} as durable; "
            + $"the journal ends at {track.Applied}");
    }

    // All rows of this slot behind `previous` (or from `floor` on, where none was sent) and below `read` are in the
    // block, none in an ask. So the row at W has to be among them, or be `previous`, under the leader epoch that it
    // was folded under. If it is not, the log was cut below W and written anew.
    private bool IsAnotherLog(
        LaneMessages.IFromLane message, PartitionTrack track, LaneMessages.Rows? rows, int duplicates)
    {
        var applied = track.Applied;
#if DEFECT_ANOTHER_LOG_TAKEN
        if (applied != message.Previous)
#else
        if (applied < 0 || applied < (message.Previous ?? message.Floor) || applied >= message.Read)
#endif
        {
            return false;
        }

        var found = applied == message.Previous ? message.PreviousLeaderEpoch
            : rows is not null && duplicates > 0 && rows.Block.Offsets[duplicates - 1] == applied ? rows.LeaderEpoch
            : (int?)null;
        if (found is { } leaderEpoch && (leaderEpoch == track.LeaderEpoch || leaderEpoch < 0 || track.LeaderEpoch < 0))
        {
            return false;
        }

        var detail = $"{message.Lane} no longer has the row at {applied} that was folded";
        if (applied > track.Durable)
        {
            // What was folded of the old log is not durable yet, so recovery takes it back.
            Stop(detail);
        }
        else
        {
            Refuse(message, track, "source-changed", detail);
        }

        return true;
    }

    private void Refuse(LaneMessages.IFromLane message, PartitionTrack track, string condition, string detail)
    {
        track.RefusedLease = message.Lease;
        port.Condition(condition, detail);
        port.Reply(message, track.ToState(slot, Epoch, 0));
    }
}
