using AkkaFeeds.Contracts;
using AkkaFeeds.Ingest;
using AkkaFeeds.Ingest.Protocol;
using Google.Protobuf;
using Wire = AkkaFeeds.Contracts.Wire;

namespace AkkaFeeds.Serialization;

/// <summary>The ledger's messages and events between contract and wire form.</summary>
internal static class WireLedger
{
    public static Wire.TakeLedger ToWire(LedgerMessages.Take take) => new()
    {
        Lane = take.Lane.ToWire(),
        Lease = take.Lease,
        Definition = take.Definition,
        LogStart = take.LogStart,
    };

    public static LedgerMessages.Take FromWire(Wire.TakeLedger wire) =>
        new(wire.Lane.FromWire(), wire.Lease, wire.Definition, wire.LogStart);

    public static Wire.LedgerTaken ToWire(LedgerMessages.Taken taken)
    {
        var wire = new Wire.LedgerTaken
        {
            Lane = taken.Lane.ToWire(),
            View = ToWire(taken.View),
            Dated = taken.Quarantined.Dated,
            First = taken.Quarantined.First,
        };
        wire.Lost.AddRange(taken.Lost.Select(ToWire));
        wire.Quarantined.AddRange(taken.Quarantined.Reasons.Select(ToWire));
        return wire;
    }

    public static LedgerMessages.Taken FromWire(Wire.LedgerTaken wire) =>
        new(wire.Lane.FromWire(), FromWire(wire.View), [.. wire.Lost.Select(FromWire)],
            new QuarantineSum([.. wire.Quarantined.Select(FromWire)], wire.Dated, wire.First));

    public static Wire.QuarantineCount ToWire(KeyValuePair<string, long> count) =>
        new() { Reason = count.Key, Records = count.Value };

    public static KeyValuePair<string, long> FromWire(Wire.QuarantineCount wire) => new(wire.Reason, wire.Records);

    public static Wire.LedgerDenied ToWire(LedgerMessages.Denied denied) => new()
    {
        Lane = denied.Lane.ToWire(),
        Lease = denied.Lease,
        Answer = (int)denied.Answer,
        Lost = ToWire(denied.Lost),
    };

    public static LedgerMessages.Denied FromWire(Wire.LedgerDenied wire) =>
        new(wire.Lane.FromWire(), wire.Lease, (LeaseAnswer)wire.Answer, FromWireOrNone(wire.Lost));

    public static Wire.LedgerLoss ToWire(LedgerMessages.Loss loss) =>
        new() { Lane = loss.Lane.ToWire(), Range = ToWire(loss.Range) };

    public static LedgerMessages.Loss FromWire(Wire.LedgerLoss wire) =>
        new(wire.Lane.FromWire(), FromWireOrNone(wire.Range));

    public static Wire.LossLetGo ToWire(LedgerEvents.LetGo letGo) => new() { Range = ToWire(letGo.Content.Range) };

    public static LedgerEvents.LetGo FromWire(Wire.LossLetGo wire) => new(new LossLetGo(FromWire(wire.Range)));

    public static Wire.LedgerView ToWire(LedgerView view)
    {
        var wire = new Wire.LedgerView
        {
            Lease = view.Lease,
            Floor = view.Floor,
            Counts = ToWire(view.Counts),
            LeaderEpoch = view.Leader.Epoch,
            LeaderStart = view.Leader.Start,
        };
        if (view.NewestEventTime != LateRule.None)
        {
            wire.NewestEventTime = view.NewestEventTime;
        }

        return wire;
    }

    public static LedgerView FromWire(Wire.LedgerView wire) => new(
        wire.Lease, wire.Floor, FromWire(wire.Counts), wire.HasNewestEventTime ? wire.NewestEventTime : LateRule.None,
        new LeaderMark(wire.LeaderEpoch, wire.LeaderStart));

    public static Wire.LedgerWrite ToWire(LedgerWrite write)
    {
        var wire = new Wire.LedgerWrite
        {
            Lease = write.Lease,
            Floor = write.Floor,
            LeaderEpoch = write.Leader.Epoch,
            LeaderStart = write.Leader.Start,
            Counts = ToWire(write.Counts),
        };
        if (write.NewestEventTime != LateRule.None)
        {
            wire.NewestEventTime = write.NewestEventTime;
        }

        if (write.From is { } from)
        {
            wire.From = from;
        }

        wire.Entries.AddRange(write.Entries.Select(ToWire));
        return wire;
    }

    public static LedgerWrite FromWire(Wire.LedgerWrite wire) => new(
        wire.Lease, wire.Floor, wire.HasNewestEventTime ? wire.NewestEventTime : LateRule.None,
        new LeaderMark(wire.LeaderEpoch, wire.LeaderStart),
        FromWire(wire.Counts), [.. wire.Entries.Select(FromWire)], wire.HasFrom ? wire.From : null);

    public static Wire.LeaseTaken ToWire(LedgerEvents.Took took)
    {
        var taken = took.Content;
        return new()
        {
            Lease = taken.Lease,
            Definition = taken.DefinitionHash,
            Floor = taken.Floor,
            Lost = ToWire(taken.Lost),
        };
    }

    public static LedgerEvents.Took FromWire(Wire.LeaseTaken wire) => new(new LeaseTaken(
        wire.Lease, wire.Definition, wire.Floor, FromWireOrNone(wire.Lost)));

    public static Wire.LedgerSnapshot ToWire(LedgerEvents.Snapshot snapshot)
    {
        var wire = new Wire.LedgerSnapshot 
        {
            View = ToWire(snapshot.View),
            Definition = snapshot.Definition,
            LetsGo = snapshot.LetsGo,
        };
        wire.Entries.AddRange(snapshot.Entries.Select(ToWire));
        wire.Lost.AddRange(snapshot.Lost.Select(ToWire));
        return wire;
    }

    public static LedgerEvents.Snapshot FromWire(Wire.LedgerSnapshot wire) => new(
        FromWire(wire.View), wire.Definition, [.. wire.Entries.Select(FromWire)], [.. wire.Lost.Select(FromWire)],
        wire.LetsGo);

    public static Wire.EntryList ToWire(LedgerMessages.EntryList list)
    {
        var wire = new Wire.EntryList { Lane = list.Lane.ToWire(), Counts = ToWire(list.Counts) };
        wire.Entries.AddRange(list.Entries.Select(ToWire));
        wire.Lost.AddRange(list.Lost.Select(ToWire));
        return wire;
    }

    public static LedgerMessages.EntryList FromWire(Wire.EntryList wire) => new(
        wire.Lane.FromWire(), FromWire(wire.Counts), [.. wire.Entries.Select(FromWire)],
        [.. wire.Lost.Select(FromWire)]);

    private static Wire.OffsetRange ToWire(OffsetRange range) =>
        new() { FromInclusive = range.FromInclusive, ToExclusive = range.ToExclusive };

    private static Wire.OffsetRange? ToWire(OffsetRange? range) => range is { } known ? ToWire(known) : null;

    private static OffsetRange? FromWireOrNone(Wire.OffsetRange? wire) => wire is null ? null : FromWire(wire);

    private static OffsetRange FromWire(Wire.OffsetRange wire) => new(wire.FromInclusive, wire.ToExclusive);

    private static Wire.LedgerCounts ToWire(LedgerCounts counts) => new()
    {
        Applied = counts.Applied,
        Filtered = counts.Filtered,
        Late = counts.Late,
        Quarantined = counts.Quarantined,
        Unkeyed = counts.Unkeyed,
    };

    private static LedgerCounts FromWire(Wire.LedgerCounts wire) =>
        new(wire.Applied, wire.Filtered, wire.Late, wire.Quarantined, wire.Unkeyed);

    private static Wire.LedgerEntry ToWire(LedgerEntry entry) => new()
    {
        Offset = entry.Offset,
        Outcome = (int)entry.Outcome,
        Reason = entry.Reason,
        Detail = entry.Detail,
        Key = ByteString.CopyFrom(entry.Key.Span),
        Value = ByteString.CopyFrom(entry.Value.Span),
        At = entry.At,
    };

    private static LedgerEntry FromWire(Wire.LedgerEntry wire) =>
        new(wire.Offset, (Outcome)wire.Outcome, wire.Reason, wire.Detail, wire.Key.Memory, wire.Value.Memory,
            wire.At);
}
