using System.Collections.Frozen;
using AkkaFeeds.Contracts;
using AkkaFeeds.Ingest;
using AkkaFeeds.Slots;
using Google.Protobuf;
using Wire = AkkaFeeds.Contracts.Wire;

namespace AkkaFeeds.Serialization;

/// <summary>
/// All types on the wire and in the journal. A manifest is added here and in manifests.txt, and never taken away.
/// </summary>
internal static class WireTypes
{
    /// <summary>All of them, in the order of the data.</summary>
    public static IReadOnlyList<WireType> All { get; } =
    [
        WireType.Of<LaneMessages.Rows, Wire.FromLane>(
            "lr", Wire.FromLane.Parser, WireRows.ToWire, wire => (LaneMessages.Rows)WireRows.FromWire(wire)),
        WireType.Of<LaneMessages.Ask, Wire.FromLane>(
            "la", Wire.FromLane.Parser, WireRows.ToWire, wire => (LaneMessages.Ask)WireRows.FromWire(wire)),
        WireType.Of<LaneMessages.CheckpointNow, Wire.SlotOnly>(
            "lc", Wire.SlotOnly.Parser, message => new() { Slot = message.Slot.ToWire() }, wire =>
                new(wire.Slot.FromWire())),
        WireType.Of<LaneMessages.State, Wire.State>("ls", Wire.State.Parser, WireSlots.ToWire, WireSlots.FromWire),
        WireType.Of<LaneMessages.Gap, Wire.Gap>(
            "lg",
            Wire.Gap.Parser,
            gap => new() { Slot = gap.Slot.ToWire(), Lane = gap.Lane.ToWire(), Lease = gap.Lease, Round = gap.Round },
            wire => new(wire.Slot.FromWire(), wire.Lane.FromWire(), wire.Lease, wire.Round)),

        WireType.Of<SlotEvents.Claim, Wire.Claim>(
            "sc", Wire.Claim.Parser, claim => new() { Owner = claim.Owner }, wire => new(wire.Owner)),
        WireType.Of<SlotEvents.Stored, Wire.Piece>("sp", Wire.Piece.Parser, WireSlots.ToWire, WireSlots.FromWire),
        WireType.Of<SlotEvents.Manifest, Wire.SnapshotManifest>(
            "sm",
            Wire.SnapshotManifest.Parser,
            manifest => new() { Count = manifest.Count, Bytes = ByteString.CopyFrom(manifest.Bytes.Span) },
            wire => new(wire.Count, wire.Bytes.Memory)),

        WireType.Of<LedgerMessages.Take,
        Wire.TakeLedger>("gt", Wire.TakeLedger.Parser, WireLedger.ToWire, WireLedger.FromWire),
        WireType.Of<LedgerMessages.Taken, Wire.LedgerTaken>(
            "gk", Wire.LedgerTaken.Parser, WireLedger.ToWire, WireLedger.FromWire),
        WireType.Of<LedgerMessages.Denied, Wire.LedgerDenied>(
            "gy", Wire.LedgerDenied.Parser, WireLedger.ToWire, WireLedger.FromWire),
        WireType.Of<LedgerMessages.GetLoss, Wire.GetLoss>(
            "gz", Wire.GetLoss.Parser, query => new() { Lane = query.Lane.ToWire(), LetGo = query.LetGo }, wire =>
                new(wire.Lane.FromWire(), wire.LetGo)),
        WireType.Of<LedgerMessages.Loss, Wire.LedgerLoss>(
            "gp", Wire.LedgerLoss.Parser, WireLedger.ToWire, WireLedger.FromWire),
        WireType.Of<LedgerMessages.Write, Wire.WriteLedger>(
            "gw",
            Wire.WriteLedger.Parser,
            write => new() { Lane = write.Lane.ToWire(), Write = WireLedger.ToWire(write.Content) },
            wire => new(wire.Lane.FromWire(), WireLedger.FromWire(wire.Write))),
        WireType.Of<LedgerMessages.Written, Wire.LedgerWritten>(
            "gd",
            Wire.LedgerWritten.Parser,
            written => new() { Lane = written.Lane.ToWire(), Lease = written.Lease, Floor = written.Floor },
            wire => new(wire.Lane.FromWire(), wire.Lease, wire.Floor)),
        WireType.Of<LedgerMessages.Refused, Wire.LedgerRefused>(
            "gr",
            Wire.LedgerRefused.Parser,
            refused => new() { Lane = refused.Lane.ToWire(), Lease = refused.Lease, Holder = refused.Holder },
            wire => new(wire.Lane.FromWire(), wire.Lease, wire.Holder)),
        WireType.Of<LedgerMessages.GetEntries, Wire.GetEntries>(
            "gq", Wire.GetEntries.Parser, query => new() { Lane = query.Lane.ToWire() }, wire =>
                new(wire.Lane.FromWire())),
        WireType.Of<LedgerMessages.GetStatus, Wire.LaneOnly>(
            "gi", Wire.LaneOnly.Parser, query => new() { Lane = query.Lane.ToWire() }, wire =>
                new(wire.Lane.FromWire())),
        WireType.Of<LedgerMessages.Status, Wire.LaneOnly>(
            "go", Wire.LaneOnly.Parser, status => new() { Lane = status.Lane.ToWire() }, wire =>
                new(wire.Lane.FromWire())),
        WireType.Of<LedgerMessages.EntryList, Wire.EntryList>(
            "gl", Wire.EntryList.Parser, WireLedger.ToWire, WireLedger.FromWire),
        WireType.Of<LedgerEvents.Took,
        Wire.LeaseTaken>("ge", Wire.LeaseTaken.Parser, WireLedger.ToWire, WireLedger.FromWire),
        WireType.Of<LedgerEvents.LetGo, Wire.LossLetGo>(
            "gf", Wire.LossLetGo.Parser, WireLedger.ToWire, WireLedger.FromWire),
        WireType.Of<LedgerEvents.Stored, Wire.LedgerWrite>(
            "gs",
            Wire.LedgerWrite.Parser,
            stored => WireLedger.ToWire(stored.Content),
            wire => new LedgerEvents.Stored(WireLedger.FromWire(wire))),
        WireType.Of<LedgerEvents.Snapshot, Wire.LedgerSnapshot>(
            "gn", Wire.LedgerSnapshot.Parser, WireLedger.ToWire, WireLedger.FromWire),

        WireType.Of<SlotQueries.GetStatus, Wire.SlotOnly>(
            "qs", Wire.SlotOnly.Parser, query => new() { Slot = query.Slot.ToWire() }, wire =>
                new(wire.Slot.FromWire())),
        WireType.Of<SlotQueries.GetKey, Wire.GetKey>(
            "qk",
            Wire.GetKey.Parser,
            query => new() { Slot = query.Slot.ToWire(), Key = query.Key.ToWire() },
            wire => new(wire.Slot.FromWire(), wire.Key.FromWire())),
        WireType.Of<SlotQueries.ListKeys,
        Wire.ListKeys>("ql", Wire.ListKeys.Parser, WireSlots.ToWire, WireSlots.FromWire),
        WireType.Of<SlotQueries.GetRows,
        Wire.GetRows>("qr", Wire.GetRows.Parser, WireViews.ToWire, WireViews.FromWire),
        WireType.Of<KeySnapshot,
        Wire.KeySnapshot>("rk", Wire.KeySnapshot.Parser, WireViews.ToWire, WireViews.FromWire),
        WireType.Of<SlotQueries.SlotStatus, Wire.SlotStatus>(
            "rs", Wire.SlotStatus.Parser, WireSlots.ToWire, WireSlots.FromWire),
        WireType.Of<SlotQueries.Unchanged, Wire.Unchanged>(
            "ru",
            Wire.Unchanged.Parser,
            answer => new() { Slot = answer.Slot.ToWire(), Incarnation = answer.Incarnation },
            wire => new(wire.Slot.FromWire()) { Incarnation = wire.Incarnation }),
        WireType.Of<SlotQueries.SlotKeys,
        Wire.SlotKeys>("rl", Wire.SlotKeys.Parser, WireSlots.ToWire, WireSlots.FromWire),
        WireType.Of<SlotQueries.SlotRows,
        Wire.SlotRows>("rr", Wire.SlotRows.Parser, WireViews.ToWire, WireViews.FromWire),

        WireType.Of<WatchMessages.Watch, Wire.Watch>(
            "ww", Wire.Watch.Parser, WireWatches.ToWire, WireWatches.FromWire),
        WireType.Of<WatchMessages.Unwatch, Wire.Unwatch>(
            "wu", Wire.Unwatch.Parser, WireWatches.ToWire, WireWatches.FromWire),
        WireType.Of<WatchMessages.Renew, Wire.Renew>(
            "wn",
            Wire.Renew.Parser,
            renew => new() { Slot = renew.Slot.ToWire(), Node = renew.Node },
            wire => new(wire.Slot.FromWire(), wire.Node)),
        WireType.Of<WatchMessages.KeyBegins, Wire.KeyBegins>(
            "wb", Wire.KeyBegins.Parser, WireWatches.ToWire, WireWatches.FromWire),
        WireType.Of<WatchMessages.KeyChanged, Wire.KeyChanged>(
            "wc", Wire.KeyChanged.Parser, WireWatches.ToWire, WireWatches.FromWire),
        WireType.Of<WatchMessages.SlotReport, Wire.SlotReport>(
            "wr", Wire.SlotReport.Parser, WireWatches.ToWire, WireWatches.FromWire),
        WireType.Of<Nodes.NodeReport, Wire.NodeReport>(
            "nr", Wire.NodeReport.Parser, WireNodes.ToWire, WireNodes.FromWire),
    ];

    private static readonly FrozenDictionary<Type, WireType> ByType = All.ToFrozenDictionary(type => type.Type);

    private static readonly FrozenDictionary<string, WireType> ByManifest =
        All.ToFrozenDictionary(type => type.Manifest, StringComparer.Ordinal);

    /// <summary>The wire type of a message.</summary>
    /// <exception cref="ArgumentException">The message is not on the list.</exception>
    public static WireType Of(object message) => ByType.TryGetValue(message.GetType(), out var type)
        ? type
        : throw new ArgumentException($"{message.GetType().FullName} has no manifest: it does not leave its node");

    /// <summary>The wire type of a manifest.</summary>
    /// <exception cref="ArgumentException">The manifest is not on the list.</exception>
    public static WireType Of(string manifest) => ByManifest.TryGetValue(manifest, out var type)
        ? type
        : throw new ArgumentException($"manifest '{manifest}' is not known to this release");
}
