using AkkaFeeds.Freshness;
using AkkaFeeds.Nodes;
using Wire = AkkaFeeds.Contracts.Wire;

namespace AkkaFeeds.Serialization;

/// <summary>What nodes tell each other of themselves, as bytes.</summary>
internal static class WireNodes
{
    public static Wire.NodeReport ToWire(NodeReport report)
    {
        var wire = new Wire.NodeReport { Node = report.Node, SentAt = report.SentAt };
        wire.Topics.AddRange(report.Topics.Select(topic => new Wire.NodeTopic
        {
            Feed = topic.Feed,
            Topic = topic.Topic,
            Id = topic.Id,
            Partitions = topic.Partitions,
        }));
        wire.Lanes.AddRange(report.Lanes.Select(ToWire));
        wire.Slots.AddRange(report.Slots.Select(ToWire));
        return wire;
    }

    public static NodeReport FromWire(Wire.NodeReport wire) => new(
        wire.Node, wire.SentAt,
        [.. wire.Topics.Select(topic => new NodeTopic(topic.Feed, topic.Topic, topic.Id, topic.Partitions))],
        [.. wire.Lanes.Select(FromWire)],
        [.. wire.Slots.Select(slot => new NodeSlot(
            slot.Feed, slot.Index, slot.Rebuilding, slot.HasTopic ? (slot.Topic, slot.Partition) : null))]);

    private static Wire.NodeSlot ToWire(NodeSlot slot)
    {
        var wire = new Wire.NodeSlot { Feed = slot.Feed, Index = slot.Index, Rebuilding = slot.IsRebuilding };
        if (slot.Main is { } main)
        {
            wire.Topic = main.Topic;
            wire.Partition = main.Partition;
        }

        return wire;
    }

    private static Wire.NodeLane ToWire(NodeLane lane)
    {
        var wire = new Wire.NodeLane
        {
            Feed = lane.Feed,
            Topic = lane.Topic,
            Partition = lane.Entry.Partition,
            At = lane.Entry.At,
        };
        if (lane.Entry.Report is { } report)
        {
            wire.Report = ToWire(report);
        }

        if (lane.Entry.Condition is { } condition)
        {
            wire.Condition = condition;
        }

        return wire;
    }

    private static NodeLane FromWire(Wire.NodeLane wire) => new(
        wire.Feed, wire.Topic,
        new LaneEntry(
            wire.Partition, wire.Report is null ? null : FromWire(wire.Report), wire.At,
            wire.HasCondition ? wire.Condition : null));

    private static Wire.LaneReport ToWire(LaneReport report)
    {
        var wire = new Wire.LaneReport
        {
            Lane = report.Lane.ToWire(),
            Position = report.Position,
            End = report.End,
            ReadAt = report.ReadAt,
            ContactAt = report.ContactAt,
        };
        if (report.Missing is { } missing)
        {
            wire.Missing = missing;
        }

        if (report.HeldSince is { } held)
        {
            wire.HeldSince = held;
        }

        if (report.MissingSince is { } since)
        {
            wire.MissingSince = since;
        }

        wire.Quarantined.AddRange(report.Quarantined.Select(WireLedger.ToWire));
        return wire;
    }

    private static LaneReport FromWire(Wire.LaneReport wire) => new(
        wire.Lane.FromWire(), wire.Position, wire.End, wire.ReadAt, wire.ContactAt,
        wire.HasMissing ? wire.Missing : null, wire.HasHeldSince ? wire.HeldSince : null)
    {
        Quarantined = [.. wire.Quarantined.Select(WireLedger.FromWire)],
        MissingSince = wire.HasMissingSince ? wire.MissingSince : null,
    };
}
