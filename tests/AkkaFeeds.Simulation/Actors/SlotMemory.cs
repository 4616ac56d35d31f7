using AkkaFeeds.Contracts;

namespace AkkaFeeds.Simulation.Actors;

/// <summary>What the check remembers of one incarnation of a slot.</summary>
internal sealed class SlotMemory
{
    /// <summary>W and durable W as last seen: neither goes back within an epoch.</summary>
    public Dictionary<LaneId, (long Applied, long Durable)> Seen { get; } = [];

    /// <summary>Whether it was seen to have come as far as the log.</summary>
    public bool IsThrough { get; set; }
}
