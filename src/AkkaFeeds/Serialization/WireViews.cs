using System.Buffers;
using AkkaFeeds.Contracts;
using Google.Protobuf;

namespace AkkaFeeds.Serialization;

/// <summary>What edges ask and slots answer, between contract and wire form.</summary>
internal static class WireViews
{
    public static Contracts.Wire.KeySnapshot ToWire(KeySnapshot snapshot)
    {
        var wire = new Contracts.Wire.KeySnapshot
        {
            Feed = snapshot.Feed,
            Key = snapshot.Key.ToWire(),
            Epoch = snapshot.Epoch,
            Version = snapshot.Version,
            Data = ByteString.CopyFrom(snapshot.Data.Span),
            At = snapshot.At,
            Freshness = ToWire(snapshot.Freshness),
        };
        WireWatches.Add(wire.Positions, snapshot.Positions);
        return wire;
    }

    public static KeySnapshot FromWire(Contracts.Wire.KeySnapshot wire) => new(
        wire.Feed, wire.Key.FromWire(), wire.Epoch, wire.Version, wire.Data.Memory, wire.At,
        WireWatches.Positions(wire.Positions), FromWire(wire.Freshness));

    public static Contracts.Wire.GetRows ToWire(SlotQueries.GetRows message)
    {
        var query = message.Query;
        var wire = new Contracts.Wire.GetRows
        {
            Slot = message.Slot.ToWire(),
            Tenant = message.Tenant,
            Prefix = query.Prefix,
            AllFields = query.Fields is null,
            Descending = query.Descending,
            Limit = query.Limit,
        };
        wire.Fields.AddRange(query.Fields ?? []);
        if (query.SortField is { } sort)
        {
            wire.SortField = sort;
        }

        if (message.Mark is { } mark)
        {
            wire.Mark = mark;
        }

        return wire;
    }

    public static SlotQueries.GetRows FromWire(Contracts.Wire.GetRows wire) => new(
        wire.Slot.FromWire(), wire.Tenant,
        new RowsQuery(
            wire.Prefix, wire.AllFields ? null : [.. wire.Fields], wire.HasSortField ? wire.SortField : null,
            wire.Descending, wire.Limit),
        wire.HasMark ? wire.Mark : null);

    public static Contracts.Wire.SlotRows ToWire(SlotQueries.SlotRows rows)
    {
        var sortValues = new ArrayBufferWriter<byte>();
        foreach (var value in rows.SortValues)
        {
            ValueCodec.Write(sortValues, value);
        }

        var wire = new Contracts.Wire.SlotRows
        {
            Slot = rows.Slot.ToWire(),
            Epoch = rows.Epoch,
            Changes = rows.Changes,
            SortValues = ByteString.CopyFrom(sortValues.WrittenSpan),
            Total = rows.Total,
            At = rows.At,
            Mark = rows.Mark,
            Incarnation = rows.Incarnation,
        };
        foreach (var row in rows.Rows)
        {
            wire.Rows.Add(new Contracts.Wire.ViewRow
            {
                Key = row.Key,
                Data = ByteString.CopyFrom(row.Data.Span),
                Freshness = ToWire(row.Freshness),
            });
        }

        return wire;
    }

    public static SlotQueries.SlotRows FromWire(Contracts.Wire.SlotRows wire)
    {
        var bytes = wire.SortValues.Span;
        var sortValues = new List<Value>();
        while (bytes.Length > 0)
        {
            sortValues.Add(ValueCodec.Read(ref bytes));
        }

        return new SlotQueries.SlotRows(
            wire.Slot.FromWire(), wire.Epoch, wire.Changes,
            [.. wire.Rows.Select(row => new ViewRow(row.Key, row.Data.Memory, FromWire(row.Freshness)))],
            sortValues, wire.Total, wire.At, wire.Mark)
        {
            Incarnation = wire.Incarnation,
        };
    }

    private static Contracts.Wire.Freshness ToWire(FreshnessStatus freshness)
    {
        var wire = new Contracts.Wire.Freshness { State = (int)freshness.State };
        if (freshness.Reason is { } reason)
        {
            wire.Reason = reason;
        }

        if (freshness.Since is { } since)
        {
            wire.Since = since;
        }

        if (freshness.Progress is { } progress)
        {
            wire.Progress = progress;
        }

        wire.Missing.AddRange(freshness.Missing ?? []);
        return wire;
    }

    private static FreshnessStatus FromWire(Contracts.Wire.Freshness wire) => new(
        (FreshnessState)wire.State, wire.HasReason ? wire.Reason : null, wire.HasSince ? wire.Since : null,
        wire.HasProgress ? wire.Progress : null, wire.Missing.Count > 0 ? [.. wire.Missing] : null);
}
