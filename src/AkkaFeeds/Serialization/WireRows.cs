using System.Buffers;
using AkkaFeeds.Contracts;
using Google.Protobuf;

namespace AkkaFeeds.Serialization;

/// <summary>Rows and asks between their contract and their wire form; a distinct key travels once a block.</summary>
internal static class WireRows
{
    public static Contracts.Wire.FromLane ToWire(LaneMessages.IFromLane message)
    {
        var wire = new Contracts.Wire.FromLane
        {
            Slot = message.Slot.ToWire(),
            Lane = message.Lane.ToWire(),
            Lease = message.Lease,
            Round = message.Round,
            Floor = message.Floor,
            PreviousLeaderEpoch = message.PreviousLeaderEpoch,
            Read = message.Read,
            End = message.End,
        };
        if (message.Previous is { } previous)
        {
            wire.Previous = previous;
        }

        if (message.Epoch is { } epoch)
        {
            wire.Epoch = epoch;
        }

        if (message is LaneMessages.Rows rows)
        {
            wire.LeaderEpoch = rows.LeaderEpoch;
            wire.Rows = ToWire(rows.Block);
        }

        return wire;
    }

    public static LaneMessages.IFromLane FromWire(Contracts.Wire.FromLane wire)
    {
        var slot = wire.Slot.FromWire();
        var lane = wire.Lane.FromWire();
        long? previous = wire.HasPrevious ? wire.Previous : null;
        var epoch = wire.HasEpoch ? wire.Epoch : null;
        return wire.Rows is { } rows
            ? new LaneMessages.Rows(
                slot, lane, wire.Lease, wire.Round, wire.Floor, previous, wire.PreviousLeaderEpoch, wire.Read,
                wire.End, epoch, wire.LeaderEpoch, FromWire(rows))
            : new LaneMessages.Ask(
                slot, lane, wire.Lease, wire.Round, wire.Floor, previous, wire.PreviousLeaderEpoch, wire.Read,
                wire.End, epoch);
    }

    private static Contracts.Wire.RowBlock ToWire(RowBlock block)
    {
        var wire = new Contracts.Wire.RowBlock { Width = block.Width };
        wire.Offsets.AddRange(block.Offsets);
        wire.EventTimes.AddRange(block.EventTimes);
        wire.Timestamps.AddRange(block.Timestamps);
        var indexes = new Dictionary<KeyName, int>();
        foreach (var key in block.Keys)
        {
            if (!indexes.TryGetValue(key, out var index))
            {
                index = indexes.Count;
                indexes.Add(key, index);
                wire.Keys.Add(key.ToWire());
            }

            wire.KeyIndexes.Add(index);
        }

        var fields = new ArrayBufferWriter<byte>(block.Fields.Length * 8 + 16);
        foreach (var field in block.Fields)
        {
            ValueCodec.Write(fields, field);
        }

        wire.Fields = ByteString.CopyFrom(fields.WrittenSpan);
        if (block.Ids is { } ids)
        {
            wire.Ids.AddRange(ids);
        }

        if (block.Retractions is { } retractions)
        {
            wire.Retractions.AddRange(retractions);
        }

        return wire;
    }

    private static RowBlock FromWire(Contracts.Wire.RowBlock wire)
    {
        var names = wire.Keys.Select(WireNames.FromWire).ToArray();
        var keys = new KeyName[wire.KeyIndexes.Count];
        for (var row = 0; row < keys.Length; row++)
        {
            keys[row] = names[wire.KeyIndexes[row]];
        }

        var bytes = wire.Fields.Span;
        var fields = new Value[keys.Length * wire.Width];
        for (var index = 0; index < fields.Length; index++)
        {
            fields[index] = ValueCodec.Read(ref bytes);
        }

        return new RowBlock
        {
            Offsets = [.. wire.Offsets],
            EventTimes = [.. wire.EventTimes],
            Timestamps = [.. wire.Timestamps],
            Keys = keys,
            Fields = fields,
            Width = wire.Width,
            Ids = wire.Ids.Count > 0 ? [.. wire.Ids] : null,
            Retractions = wire.Retractions.Count > 0 ? [.. wire.Retractions] : null,
        };
    }
}
