using AkkaFeeds.Contracts;
using AkkaFeeds.Slots.Protocol;

namespace AkkaFeeds.Simulation.Actors;

/// <summary>The defects that alter what a slot is given, what it keeps, or what it says.</summary>
internal static class SlotDefects
{
    /// <summary>What the slot is given instead of a message.</summary>
    public static LaneMessages.IFromLane Alter(
        Defect defect, LaneMessages.IFromLane message, SlotActor slot, History history)
    {
        switch (defect)
        {
            case Defect.PreviousIgnored:
                return message is LaneMessages.Rows rows ? rows with { Previous = null }
                    : (LaneMessages.Ask)message with { Previous = null };
            case Defect.GateFromAnyEpoch:
                return message is LaneMessages.Rows some ? some with { Epoch = slot.Epoch }
                    : (LaneMessages.Ask)message with { Epoch = slot.Epoch };
            case Defect.TopicIdIgnored:
                var first = history.Lanes.First(lane => lane.Partition == message.Lane.Partition);
                return message is LaneMessages.Rows other ? other with { Lane = first }
                    : (LaneMessages.Ask)message with { Lane = first };
            case Defect.TruncationUnnoticed:
                return message is LaneMessages.Rows blind ? blind with { LeaderEpoch = -1, PreviousLeaderEpoch = -1 }
                    : (LaneMessages.Ask)message with { PreviousLeaderEpoch = -1 };
            case Defect.DedupeOff or Defect.DedupeOffByOne when message is LaneMessages.Rows again:
                LowerWatermark(defect, again, slot);
                return message;
            default:
                return message;
        }
    }

    /// <summary>Where topic ids are not looked at, a lane takes each answer as its own.</summary>
    public static LaneMessages.State Restore(Defect defect, LaneMessages.State state, LaneActor lane) =>
        defect is Defect.TopicIdIgnored ? state with { Lane = lane.Lane } : state;

    /// <summary>The same for a gap.</summary>
    public static LaneMessages.Gap Restore(Defect defect, LaneMessages.Gap gap, LaneActor lane) =>
        defect is Defect.TopicIdIgnored ? gap with { Lane = lane.Lane } : gap;

    /// <summary>After refusals were told.</summary>
    public static void AfterRefusals(Defect defect, SlotProtocol protocol, LaneMessages.State state)
    {
        if (defect is not Defect.RefusalsForgottenWhenSent)
        {
            return;
        }

        foreach (var track in protocol.Tracks)
        {
            if (track.Lane == state.Lane)
            {
                track.ForgetBelow(state.Durable + 1);
            }
        }
    }

    /// <summary>After a checkpoint was stored.</summary>
    public static void AfterCheckpoint(Defect defect, SlotProtocol protocol, ISlotPort slot)
    {
        if (defect is not Defect.DurableOfNow)
        {
            return;
        }

        foreach (var track in protocol.Tracks)
        {
            track.Durable = track.Applied;
            slot.Tell(track.ToState(((SlotActor)slot).Host.Slot, protocol.Epoch, 0));
        }
    }

    private static void LowerWatermark(Defect defect, LaneMessages.Rows rows, SlotActor slot)
    {
        foreach (var track in slot.Protocol!.Tracks)
        {
            if (track.Lane != rows.Lane)
            {
                continue;
            }

            if (defect is Defect.DedupeOff)
            {
                track.Applied = Math.Min(track.Applied, Math.Max(rows.Previous ?? -1, rows.Block.Offsets[0] - 1));
            }
            else if (Array.IndexOf(rows.Block.Offsets, track.Applied) >= 0)
            {
                track.Applied--;
            }
        }
    }
}
