using AkkaFeeds.Contracts;
using AkkaFeeds.Ingest.Protocol;

namespace AkkaFeeds.Tests.Ingest.Protocol;

/// <summary>A lane of two slots that remembers what it was asked to do.</summary>
internal sealed class LaneBench : ILanePort
{
    public static readonly LaneId Lane = new("f", 1, "topic-id", "t", 0);
    public static readonly SlotId[] Slots = [new("f", 1, 0), new("f", 1, 1)];

    public LaneBench(long floor = 0, LaneOptions? options = null, LeaderMark? leader = null, bool areTold = true)
    {
        var view = new LedgerView("lease", floor, default, LateRule.None, leader ?? LeaderMark.None);
        Protocol = new LaneProtocol(Lane, Slots, view, options ?? new LaneOptions(), this);
        Protocol.Begin(new OffsetRange(0, 1_000));
        if (areTold)
        {
            State(0, applied: -1, durable: -1);
            State(1, applied: -1, durable: -1);
        }

        Sent.Clear();
    }

    public LaneProtocol Protocol { get; }

    public List<ISlotMessage> Sent { get; } = [];

    public List<(long Offset, int Generation, long Newest)> Rewinds { get; } = [];

    public List<LaneEnd> Ends { get; } = [];

    public IReadOnlyList<LaneMessages.Rows> RowsOf(int slot) =>
        [.. Sent.OfType<LaneMessages.Rows>().Where(rows => rows.Slot.Index == slot)];

    /// <summary>Offers records: '0' or '1' is a row of that slot, 'f' filtered, 'q' quarantined, 'l' late.</summary>
    public bool Offer(long next, int leaderEpoch, params (long Offset, char What)[] records)
    {
        var blocks = new RowBlock?[Slots.Length];
        for (var slot = 0; slot < Slots.Length; slot++)
        {
            var mine = records.Where(record => record.What == '0' + slot).Select(record => record.Offset).ToArray();
            blocks[slot] = mine.Length == 0 ? null : Block(mine);
        }

        return Protocol.Offer(new ClassifiedBatch
        {
            FetchGeneration = Protocol.FetchGeneration,
            Offsets = [.. records.Select(record => record.Offset)],
            Outcomes = [.. records.Select(record => OutcomeOf(record.What))],
            EventTimes = [.. records.Select(record => 100 + record.Offset)],
            Blocks = blocks,
            Entries = [.. records.Where(record => record.What is 'q' or 'l').Select(record => new LedgerEntry(
                record.Offset, OutcomeOf(record.What), "decode", "", default, new byte[3]))],
            Bytes = new OffsetBytes([.. records.Select(record => record.Offset)]),
            Next = next,
            LeaderEpoch = leaderEpoch,
        });
    }

    public void State(
        int slot, long applied, long durable, string epoch = "e", int leaderEpoch = -1, params long[] refused) =>
        Protocol.On(new LaneMessages.State(
            Slots[slot], Lane, epoch, applied, leaderEpoch, durable,
            [.. refused.Select(offset => new Refusal(offset, Reasons.Type, "text"))], 0));

    public void RefusedNow(int slot, long applied, long offset) => Protocol.On(
        new LaneMessages.State(Slots[slot], Lane, "e", applied, -1, -1, [], 0) { RefusedNow = [offset] });

    public void Gap(int round, string lease = "lease") =>
        Protocol.On(new LaneMessages.Gap(Slots[0], Lane, lease, round));

    public static RowBlock Block(params long[] offsets) => new()
    {
        Offsets = offsets,
        EventTimes = [.. offsets.Select(offset => 100 + offset)],
        Timestamps = [.. offsets.Select(offset => 100 + offset)],
        Keys = [.. offsets.Select(_ => new KeyName("", "k"))],
        Fields = [],
        Width = 0,
    };

    void ILanePort.Send(ISlotMessage message) => Sent.Add(message);

    void ILanePort.Rewind(long offset, int fetchGeneration, long newestEventTime, int recordsInVain) =>
        Rewinds.Add((offset, fetchGeneration, newestEventTime));

    void ILanePort.Delivered(long applied, long duplicates, IReadOnlyList<Refusal> refused)
    {
    }

    void ILanePort.Ended(LaneEnd end) => Ends.Add(end);

    private static Outcome OutcomeOf(char what) => what switch
    {
        'f' => Outcome.Filtered,
        'q' => Outcome.Quarantined,
        'l' => Outcome.Late,
        _ => Outcome.Applied,
    };

    // Each record's value is its offset, so that an entry shows whose bytes it got.
    private sealed class OffsetBytes(long[] offsets) : IRecordBytes
    {
        public ReadOnlyMemory<byte> KeyOf(int record) => "key"u8.ToArray();

        public ReadOnlyMemory<byte> ValueOf(int record) => BitConverter.GetBytes(offsets[record]);
    }
}
