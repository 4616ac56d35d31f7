using AkkaFeeds.Contracts;
using AkkaFeeds.Ingest;
using AkkaFeeds.Ingest.Protocol;
using Google.Protobuf;

namespace AkkaFeeds.Serialization;

/// <summary>The ledger's messages and events between contract and wire form.</summary>
internal static class WireLedger
{
    public static Contracts.Wire.LedgerTaken ToWire(LedgerMessages.Taken taken) => new()
    {
        Lane = taken.Lane.ToWire(),
        Lease = taken.Lease,
        Account = ToWire(taken.Account),
    };

    public static LedgerMessages.Taken FromWire(Contracts.Wire.LedgerTaken wire) =>
        new(wire.Lane.FromWire(), wire.Lease, FromWire(wire.Account));

    public static Contracts.Wire.LedgerWrite ToWire(LedgerWrite write)
    {
        var wire = new Contracts.Wire.LedgerWrite
        {
            Lease = write.Lease,
            Floor = write.Floor,
            LeaderEpoch = write.LeaderEpoch,
            Counts = ToWire(write.Counts),
        };
        if (write.NewestEventTime != long.MinValue)
        {
            wire.NewestEventTime = write.NewestEventTime;
        }

        wire.Entries.AddRange(write.Entries.Select(ToWire));
        return wire;
    }

    public static LedgerWrite FromWire(Contracts.Wire.LedgerWrite wire) => new(
        wire.Lease, wire.Floor, wire.HasNewestEventTime ? wire.NewestEventTime : long.MinValue, wire.LeaderEpoch,
        FromWire(wire.Counts), [.. wire.Entries.Select(FromWire)]);

    public static Contracts.Wire.LedgerSnapshot ToWire(LedgerEvents.Snapshot snapshot)
    {
        var wire = new Contracts.Wire.LedgerSnapshot { Lease = snapshot.Lease, Account = ToWire(snapshot.Account) };
        wire.Entries.AddRange(snapshot.Entries.Select(ToWire));
        return wire;
    }

    public static LedgerEvents.Snapshot FromWire(Contracts.Wire.LedgerSnapshot wire) =>
        new(wire.Lease, FromWire(wire.Account), [.. wire.Entries.Select(FromWire)]);

    public static Contracts.Wire.EntryList ToWire(LedgerMessages.EntryList list)
    {
        var wire = new Contracts.Wire.EntryList { Lane = list.Lane.ToWire(), Account = ToWire(list.Account) };
        wire.Entries.AddRange(list.Entries.Select(ToWire));
        return wire;
    }

    public static LedgerMessages.EntryList FromWire(Contracts.Wire.EntryList wire) =>
        new(wire.Lane.FromWire(), FromWire(wire.Account), [.. wire.Entries.Select(FromWire)]);

    private static Contracts.Wire.LedgerAccount ToWire(LedgerAccount account)
    {
        var wire = new Contracts.Wire.LedgerAccount { LeaderEpoch = account.LeaderEpoch, Counts = ToWire(account.Counts) };
        if (account.Floor is { } floor)
        {
            wire.Floor = floor;
        }

        if (account.NewestEventTime != long.MinValue)
        {
            wire.NewestEventTime = account.NewestEventTime;
        }

        return wire;
    }

    private static LedgerAccount FromWire(Contracts.Wire.LedgerAccount wire) => new(
        wire.HasFloor ? wire.Floor : null, wire.HasNewestEventTime ? wire.NewestEventTime : long.MinValue, wire.LeaderEpoch,
        FromWire(wire.Counts));

    private static Contracts.Wire.LedgerCounts ToWire(LedgerCounts counts) => new()
    {
        Applied = counts.Applied,
        Filtered = counts.Filtered,
        Late = counts.Late,
        Quarantined = counts.Quarantined,
        Unkeyed = counts.Unkeyed,
    };

    private static LedgerCounts FromWire(Contracts.Wire.LedgerCounts wire) =>
        new(wire.Applied, wire.Filtered, wire.Late, wire.Quarantined, wire.Unkeyed);

    private static Contracts.Wire.LedgerEntry ToWire(LedgerEntry entry) => new()
    {
        Offset = entry.Offset,
        Outcome = (int)entry.Outcome,
        Reason = entry.Reason,
        Detail = entry.Detail,
        Key = ByteString.CopyFrom(entry.Key.Span),
        Value = ByteString.CopyFrom(entry.Value.Span),
    };

    private static LedgerEntry FromWire(Contracts.Wire.LedgerEntry wire) =>
        new(wire.Offset, (Outcome)wire.Outcome, wire.Reason, wire.Detail, wire.Key.Memory, wire.Value.Memory);
}
