using AkkaFeeds.Contracts;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Wire = AkkaFeeds.Contracts.Wire;

namespace AkkaFeeds.Serialization;

/// <summary>What relays and slots say to each other, as bytes.</summary>
internal static class WireWatches
{
    public static Wire.Watch ToWire(WatchMessages.Watch watch)
    {
        var wire = new Wire.Watch { Slot = watch.Slot.ToWire(), Node = watch.Node, All = watch.All };
        wire.Keys.AddRange(watch.Keys.Select(key => key.ToWire()));
        return wire;
    }

    public static WatchMessages.Watch FromWire(Wire.Watch wire) =>
        new(wire.Slot.FromWire(), wire.Node, [.. wire.Keys.Select(key => key.FromWire())], wire.All);

    public static Wire.Unwatch ToWire(WatchMessages.Unwatch unwatch)
    {
        var wire = new Wire.Unwatch { Slot = unwatch.Slot.ToWire(), Node = unwatch.Node };
        wire.Keys.AddRange(unwatch.Keys.Select(key => key.ToWire()));
        return wire;
    }

    public static WatchMessages.Unwatch FromWire(Wire.Unwatch wire) =>
        new(wire.Slot.FromWire(), wire.Node, [.. wire.Keys.Select(key => key.FromWire())]);

    public static Wire.KeyBegins ToWire(WatchMessages.KeyBegins begins)
    {
        var wire = new Wire.KeyBegins
        {
            Slot = begins.Slot.ToWire(),
            Incarnation = begins.Incarnation,
            Epoch = begins.Epoch,
            Key = begins.Key.ToWire(),
            Version = begins.Version,
            Data = ByteString.CopyFrom(begins.Data.Span),
            At = begins.At,
            QuarantinedSince = begins.QuarantinedSince,
        };
        Add(wire.Positions, begins.Positions);
        return wire;
    }

    public static WatchMessages.KeyBegins FromWire(Wire.KeyBegins wire) => new(
        wire.Slot.FromWire(), wire.Incarnation, wire.Epoch, wire.Key.FromWire(), wire.Version, wire.Data.Memory,
        wire.At, Positions(wire.Positions), wire.QuarantinedSince);

    public static Wire.KeyChanged ToWire(WatchMessages.KeyChanged changed)
    {
        var wire = new Wire.KeyChanged
        {
            Slot = changed.Slot.ToWire(),
            Incarnation = changed.Incarnation,
            Number = changed.Number,
            Key = changed.Key.ToWire(),
            Base = changed.Base,
            Version = changed.Version,
            Whole = changed.Whole,
            Fields = ByteString.CopyFrom(changed.Fields.Span),
            At = changed.At,
            QuarantinedSince = changed.QuarantinedSince,
        };
        wire.Removed.AddRange(changed.Removed);
        Add(wire.Positions, changed.Positions);
        return wire;
    }

    public static WatchMessages.KeyChanged FromWire(Wire.KeyChanged wire) => new(
        wire.Slot.FromWire(), wire.Incarnation, wire.Number, wire.Key.FromWire(), wire.Base, wire.Version, wire.Whole,
        wire.Fields.Memory, [.. wire.Removed], wire.At, Positions(wire.Positions), wire.QuarantinedSince);

    public static Wire.SlotReport ToWire(WatchMessages.SlotReport report)
    {
        var wire = new Wire.SlotReport
        {
            Slot = report.Slot.ToWire(),
            Incarnation = report.Incarnation,
            Epoch = report.Epoch,
            Sent = report.Sent,
            Watched = report.Watched,
            Rebuilding = report.Rebuilding,
            Progress = report.Progress,
            RecoveredAt = report.RecoveredAt,
        };
        wire.Feeding.AddRange(report.Feeding.Select(ToWire));
        Add(wire.Read, report.Read);
        return wire;
    }

    private static Wire.FeedingPartition ToWire(FeedingPartition feeding)
    {
        var wire = new Wire.FeedingPartition { Topic = feeding.Topic, Partition = feeding.Partition };
        if (feeding.BehindSince is { } since)
        {
            wire.BehindSince = since;
        }

        return wire;
    }

    public static WatchMessages.SlotReport FromWire(Wire.SlotReport wire) => new(
        wire.Slot.FromWire(), wire.Incarnation, wire.Epoch, wire.Sent, wire.Watched, wire.Rebuilding, wire.Progress,
        wire.RecoveredAt, [.. wire.Feeding.Select(feeding => new FeedingPartition(
            feeding.Topic, feeding.Partition, feeding.HasBehindSince ? feeding.BehindSince : null))],
        Positions(wire.Read));

    /// <summary>Adds positions to a message.</summary>
    public static void Add(
        RepeatedField<Wire.Position> wire, IReadOnlyList<KeyValuePair<string, long>> positions) =>
        wire.AddRange(positions.Select(pair => new Wire.Position { Partition = pair.Key, Offset = pair.Value }));

    /// <summary>Positions of a message.</summary>
    public static KeyValuePair<string, long>[] Positions(RepeatedField<Wire.Position> wire) =>
        [.. wire.Select(position => KeyValuePair.Create(position.Partition, position.Offset))];
}
