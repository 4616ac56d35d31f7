using AkkaFeeds.Contracts;
using AkkaFeeds.Slots;
using AkkaFeeds.Slots.Protocol;
using Google.Protobuf;

namespace AkkaFeeds.Serialization;

/// <summary>What slots answer and journal, between contract and wire form.</summary>
internal static class WireSlots
{
    public static Contracts.Wire.State ToWire(LaneMessages.State state)
    {
        var wire = new Contracts.Wire.State
        {
            Slot = state.Slot.ToWire(),
            Lane = state.Lane.ToWire(),
            Epoch = state.Epoch,
            Applied = state.Applied,
            LeaderEpoch = state.LeaderEpoch,
            Durable = state.Durable,
            Duplicates = state.Duplicates,
        };
        wire.Refusals.AddRange(state.Refusals.Select(ToWire));
        wire.RefusedNow.AddRange(state.RefusedNow);
        return wire;
    }

    public static LaneMessages.State FromWire(Contracts.Wire.State wire) => new(
        wire.Slot.FromWire(), wire.Lane.FromWire(), wire.Epoch, wire.Applied, wire.LeaderEpoch, wire.Durable,
        [.. wire.Refusals.Select(FromWire)], wire.Duplicates)
    {
        RefusedNow = wire.RefusedNow.Count == 0 ? [] : [.. wire.RefusedNow],
    };

    public static Contracts.Wire.Piece ToWire(SlotEvents.Stored stored) => new()
    {
        Cut = stored.Piece.CheckpointId,
        Index = stored.Piece.Index,
        Count = stored.Piece.Count,
        Bytes = UnsafeByteOperations.UnsafeWrap(stored.Piece.Bytes),
    };

    public static SlotEvents.Stored FromWire(Contracts.Wire.Piece wire) =>
        new(new Piece(wire.Cut, wire.Index, wire.Count, wire.Bytes.Memory));

    public static Contracts.Wire.ListKeys ToWire(SlotQueries.ListKeys query)
    {
        var wire = new Contracts.Wire.ListKeys
        {
            Slot = query.Slot.ToWire(),
            Tenant = query.Tenant,
            Prefix = query.Prefix,
            Limit = query.Limit,
        };
        if (query.After is { } after)
        {
            wire.After = after;
        }

        return wire;
    }

    public static SlotQueries.ListKeys FromWire(Contracts.Wire.ListKeys wire) =>
        new(wire.Slot.FromWire(), wire.Tenant, wire.Prefix, wire.HasAfter ? wire.After : null, wire.Limit);

    public static Contracts.Wire.SlotStatus ToWire(SlotQueries.SlotStatus status) => new()
    {
        Slot = status.Slot.ToWire(),
        Epoch = status.Epoch,
        Keys = status.Keys,
        Rebuilding = status.Rebuilding,
    };

    public static SlotQueries.SlotStatus FromWire(Contracts.Wire.SlotStatus wire) =>
        new(wire.Slot.FromWire(), wire.Epoch, wire.Keys, wire.Rebuilding);

    public static Contracts.Wire.SlotKeys ToWire(SlotQueries.SlotKeys keys)
    {
        var wire = new Contracts.Wire.SlotKeys { Slot = keys.Slot.ToWire(), More = keys.More };
        wire.Keys.AddRange(keys.Keys);
        return wire;
    }

    public static SlotQueries.SlotKeys FromWire(Contracts.Wire.SlotKeys wire) =>
        new(wire.Slot.FromWire(), [.. wire.Keys], wire.More);

    public static Contracts.Wire.CheckpointHeader ToWire(string definition, IReadOnlyList<Watermark> watermarks)
    {
        var wire = new Contracts.Wire.CheckpointHeader { Format = 1, Definition = definition };
        foreach (var watermark in watermarks)
        {
            var entry = new Contracts.Wire.Watermark
            {
                Lane = watermark.Lane.ToWire(),
                Applied = watermark.Applied,
                LeaderEpoch = watermark.LeaderEpoch,
            };
            entry.Refusals.AddRange(watermark.Refusals.Select(ToWire));
            wire.Watermarks.Add(entry);
        }

        return wire;
    }

    public static IReadOnlyList<Watermark> FromWire(Contracts.Wire.CheckpointHeader wire) =>
        [.. wire.Watermarks.Select(watermark => new Watermark(
            watermark.Lane.FromWire(), watermark.Applied, watermark.LeaderEpoch,
            [.. watermark.Refusals.Select(FromWire)]))];

    private static Contracts.Wire.Refusal ToWire(Refusal refusal) =>
        new() { Offset = refusal.Offset, Reason = refusal.Reason, Detail = refusal.Detail };

    private static Refusal FromWire(Contracts.Wire.Refusal wire) => new(wire.Offset, wire.Reason, wire.Detail);
}
