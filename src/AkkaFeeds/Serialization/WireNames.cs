using AkkaFeeds.Contracts;

namespace AkkaFeeds.Serialization;

/// <summary>Identities between their contract and their wire form.</summary>
internal static class WireNames
{
    public static Contracts.Wire.SlotRef ToWire(this SlotId slot) =>
        new() { Feed = slot.Feed, Generation = slot.Generation, Index = slot.Index };

    public static SlotId FromWire(this Contracts.Wire.SlotRef slot) => new(slot.Feed, slot.Generation, slot.Index);

    public static Contracts.Wire.LaneRef ToWire(this LaneId lane) => new()
    {
        Feed = lane.Feed,
        Generation = lane.Generation,
        TopicId = lane.TopicId,
        Topic = lane.Topic,
        Partition = lane.Partition,
    };

    public static LaneId FromWire(this Contracts.Wire.LaneRef lane) =>
        new(lane.Feed, lane.Generation, lane.TopicId, lane.Topic, lane.Partition);

    public static Contracts.Wire.KeyName ToWire(this KeyName name) => new() { Tenant = name.Tenant, Key = name.Key };

    public static KeyName FromWire(this Contracts.Wire.KeyName name) => new(name.Tenant, name.Key);
}
