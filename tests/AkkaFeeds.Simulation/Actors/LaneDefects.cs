using AkkaFeeds.Contracts;
using AkkaFeeds.Ingest.Protocol;

namespace AkkaFeeds.Simulation.Actors;

/// <summary>The defects that alter what a lane is told.</summary>
internal static class LaneDefects
{
    /// <summary>Tells the lane that every slot is durable up to where any slot is.</summary>
    public static void PretendHighest(LaneProtocol lane, History history)
    {
        var highest = history.SlotIds.Max(slot => history.Check.DurableOf(slot.Index, lane.Lane));
        foreach (var slot in history.SlotIds)
        {
            var epoch = history.Slots[slot.Index].Current?.Epoch ?? "none";
            lane.On(new LaneMessages.State(slot, lane.Lane, epoch, -1, -1, highest, [], 0));
        }
    }
}
