using AkkaFeeds.Contracts;
using AkkaFeeds.Freshness;
using AkkaFeeds.Ingest;
using AkkaFeeds.Ingest.Protocol;
using AkkaFeeds.Nodes;
using AkkaFeeds.Slots;
using AkkaFeeds.Slots.Protocol;

namespace AkkaFeeds.Tests.Serialization;

/// <summary>One message of each wire type, with every field set.</summary>
internal static class WireSamples
{
    private static readonly SlotId Slot = new("flights", 2, 7);
    private static readonly LaneId Lane = new("flights", 2, "AAAAAAAAAAAAAAAAAAAAAA", "flights", 3);
    private static readonly KeyName Key = new("acme", "ATL");
    private static readonly FreshnessStatus Stale =
        new(FreshnessState.Stale, "behind-slo", 1764000000000, 0.5, ["flights/3"]);

    private static readonly LedgerCounts Counts = new(10, 4, 3, 2, 1);
    private static readonly LedgerEntry Entry =
        new(41, Outcome.Quarantined, "type", "delay is text", "k"u8.ToArray(), "v"u8.ToArray());

    private static readonly LedgerEntry Dated =
        new(42, Outcome.Quarantined, "decode", "not JSON", default, "v"u8.ToArray(), 1764000000000);

    private static readonly OffsetRange Lost = new(5, 9);
    private static readonly LedgerView View = new("lease", 42, Counts, 1764000000000, new LeaderMark(6, 40));
    private static readonly LedgerWrite Write =
        new("lease", 43, 1764000000001, new LeaderMark(6, 40), Counts, [Entry, Dated]);

    /// <summary>The samples.</summary>
    public static IReadOnlyList<object> All { get; } =
    [
        new LaneMessages.Rows(Slot, Lane, "lease", 1, 40, 41, 5, 44, 50, "e.2.1", 6, Rows()),
        new LaneMessages.Ask(Slot, Lane, "lease", 1, 40, null, -1, 44, 50, null),
        new LaneMessages.CheckpointNow(Slot),
        new LaneMessages.State(Slot, Lane, "e.2.1", 43, 6, 41, [new Refusal(41, "type", "delay is text")], 2)
        {
            RefusedNow = [42, 43],
        },
        new LaneMessages.Gap(Slot, Lane, "lease", 1),
        new SlotEvents.Claim("owner"),
        new SlotEvents.Stored(new Piece("e.2.1.9", 1, 2, new byte[] { 1, 2, 3 })),
        new SlotEvents.Manifest(1, new byte[] { 4, 5 }),
        new LedgerMessages.Take(Lane, "lease", "hash", 5),
        new LedgerMessages.Taken(
            Lane, View, [Lost], new QuarantineSum([new("decode", 1), new("type", 1)], 1, 1764000000000)),
        new LedgerMessages.Denied(Lane, "lease", LeaseAnswer.LostRange, Lost),
        new LedgerMessages.GetLoss(Lane, true),
        new LedgerMessages.Loss(Lane, Lost),
        new LedgerMessages.Write(Lane, Write with { From = 42 }),
        new LedgerMessages.Written(Lane, "lease", 43),
        new LedgerMessages.Refused(Lane, "lease", "other"),
        new LedgerMessages.GetStatus(Lane),
        new LedgerMessages.Status(Lane),
        new LedgerMessages.GetEntries(Lane),
        new LedgerMessages.EntryList(Lane, Counts, [Entry, Dated], [Lost]),
        new LedgerEvents.Took(new LeaseTaken("lease", "hash", 42, Lost)),
        new LedgerEvents.LetGo(new LossLetGo(Lost)),
        new LedgerEvents.Stored(Write),
        new LedgerEvents.Snapshot(View, "hash", [Entry, Dated], [Lost], true),
        new SlotQueries.GetStatus(Slot),
        new SlotQueries.GetKey(Slot, Key),
        new SlotQueries.ListKeys(Slot, "acme", "A", "ATL", 100),
        new SlotQueries.GetRows(Slot, "acme", new RowsQuery("A", ["departures"], "departures", true, 50), "e.2.1:99"),
        new KeySnapshot("flights", Key, "e.2.1", 9, "{}"u8.ToArray(), 1764000000000, [new("3", 43)], Stale),
        new SlotQueries.SlotStatus(Slot, "e.2.1", 12, true),
        new SlotQueries.Unchanged(Slot) { Incarnation = 9 },
        new SlotQueries.SlotKeys(Slot, ["ATL", "ORD"], true),
        new SlotQueries.SlotRows(
            Slot, "e.2.1", 99, [new ViewRow("ATL", "{}"u8.ToArray(), Stale)], [Value.Of(0.25)], 2, 1764000000000,
            "e.2.1:99")
        {
            Incarnation = 9,
        },
        new WatchMessages.Watch(Slot, "node", [Key], true),
        new WatchMessages.Unwatch(Slot, "node", [Key]),
        new WatchMessages.Renew(Slot, "node"),
        new WatchMessages.KeyBegins(Slot, 9, "e.2.9", Key, 4, "{}"u8.ToArray(), 1764000000000, [new("3", 43)], 5),
        new WatchMessages.KeyChanged(
            Slot, 9, 17, Key, 4, 6, true, "{}"u8.ToArray(), ["worst"], 1764000000000, [new("3", 43)], 5),
        new WatchMessages.SlotReport(
            Slot, 9, "e.2.9", 17, 2, true, 0.5, 1764000000000,
            [new FeedingPartition("flights", 3, 44), new FeedingPartition("flights", 2)], [new("3", 44)]),
        new NodeReport(
            "akka.tcp://akkafeeds@127.0.0.1:4053#7", 1764000000002, [new NodeTopic("flights", "flights", "id", 4)],
            [
                new NodeLane("flights", "flights", new LaneEntry(
                    3, new LaneReport(Lane, 43, 44, 1764000000000, 1764000000001, "quarantined", 1764000000000)
                    {
                        Quarantined = [new("decode", 1), new("type", 1)],
                        MissingSince = 1764000000000,
                    },
                    1764000000001, null)),
                new NodeLane("flights", "flights", new LaneEntry(2, null, 1764000000001, "lost-range")),
            ],
            [new NodeSlot("flights", 7, true), new NodeSlot("flights", 8, false, ("flights", 3))]),
    ];

    private static RowBlock Rows() => new()
    {
        Offsets = [42, 43],
        EventTimes = [1764000000000, 1764000000001],
        Timestamps = [1764000000002, 1764000000003],
        Keys = [Key, Key],
        Fields =
        [
            Value.Of(-5L), Value.Of(0.5), Value.Of("PIT"), Value.Of(true), Value.Null, Value.Absent,
            Value.Time(1764000000000), Value.Duration(60000), Value.Of(new JsonValue("[1]"u8.ToArray())),
            Value.Of(long.MaxValue), Value.Of(""), Value.Of(false),
        ],
        Width = 6,
        Ids = ["a", "b"],
        Retractions = [false, true],
    };
}
