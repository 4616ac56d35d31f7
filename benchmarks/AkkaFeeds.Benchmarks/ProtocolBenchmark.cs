using AkkaFeeds.Contracts;
using AkkaFeeds.Ingest.Protocol;
using AkkaFeeds.Slots.Protocol;

namespace AkkaFeeds.Benchmarks;

/// <summary>
/// What the lane protocol adds to a row, without actors: batches of 1,000 records for 16 slots, each block answered
/// by a State, a checkpoint and a ledger write every 100,000 records. Making the blocks and folding the rows are not
/// in it.
/// </summary>
internal static class ProtocolBenchmark
{
    private const int Batches = 200;
    private const int BatchRecords = 1_000;
    private const int SlotCount = 16;
    private const int BatchesPerCheckpoint = 100;

    private static readonly LaneId Lane = new("flights", 1, "AAAAAAAAAAAAAAAAAAAAAA", "flights", 0);
    private static readonly SlotId[] Slots =
        [.. Enumerable.Range(0, SlotCount).Select(index => new SlotId("flights", 1, index))];

    public static void Run()
    {
        var batches = Enumerable.Range(0, Batches).Select(MakeBatch).ToArray();
        var rows = Batches * BatchRecords;
        Measure.Print("lane protocol, a row: offer, send, states, floor", rows, () => RunLane(batches));
        Measure.Print("slot protocol, a row: rows, dedupe, answer (empty fold)", rows, () => RunSlots(batches));
    }

    private static void RunLane(ClassifiedBatch[] batches)
    {
        var port = new LanePort();
        var view = new LedgerView("lease", 0, default, LateRule.None, LeaderMark.None);
        var lane = new LaneProtocol(Lane, Slots, view, new LaneOptions(), port);
        lane.Begin(new OffsetRange(0, Batches * BatchRecords));
        var durable = -1L;
        for (var index = 0; index < batches.Length; index++)
        {
            lane.Offer(batches[index]);
            var applied = batches[index].Next - 1;
            var isCheckpoint = (index + 1) % BatchesPerCheckpoint == 0;
            durable = isCheckpoint ? applied : durable;
            foreach (var slot in Slots)
            {
                lane.On(new LaneMessages.State(slot, Lane, "e", applied, 1, durable, [], 0));
            }

            if (isCheckpoint && lane.PrepareWrite() is { } write)
            {
                lane.OnWritten(write.Floor);
            }
        }

        if (lane.Floor != Batches * BatchRecords)
        {
            throw new InvalidOperationException($"the floor is {lane.Floor}");
        }
    }

    private static void RunSlots(ClassifiedBatch[] batches)
    {
        var port = new SlotPort();
        var slots = Slots.Select(slot => new SlotProtocol(slot, "e", [], port)).ToArray();
        foreach (var slot in slots)
        {
            port.Asked = slot;
            slot.OnClaimStored();
            slot.On(new LaneMessages.Ask(Slots[Array.IndexOf(slots, slot)], Lane, "a", 0, 0, null, -1, 0, 0, "e"));
        }

        var previous = new long?[SlotCount];
        foreach (var batch in batches)
        {
            for (var index = 0; index < SlotCount; index++)
            {
                var block = batch.Blocks[index]!;
                slots[index].On(new LaneMessages.Rows(
                    Slots[index], Lane, "a", 0, 0, previous[index], 1, batch.Next, batch.Next, "e", 1, block));
                previous[index] = block.Offsets[^1];
            }
        }

        if (port.Folded != Batches * BatchRecords)
        {
            throw new InvalidOperationException($"{port.Folded} rows were folded");
        }
    }

    private static ClassifiedBatch MakeBatch(int batch)
    {
        var offsets = Enumerable.Range(batch * BatchRecords, BatchRecords).Select(offset => (long)offset).ToArray();
        return new ClassifiedBatch
        {
            FetchGeneration = 0,
            Offsets = offsets,
            Outcomes = new Outcome[BatchRecords],
            EventTimes = offsets,
            Blocks = [.. Enumerable.Range(0, SlotCount).Select(slot => Block(
                [.. offsets.Where(offset => offset * 2_654_435_761 % 997 % SlotCount == slot)]))],
            Entries = [],
            Next = (batch + 1) * BatchRecords,
            LeaderEpoch = 1,
        };
    }

    private static RowBlock Block(long[] offsets) => new()
    {
        Offsets = offsets, EventTimes = offsets, Timestamps = offsets, Keys = [], Fields = [], Width = 0,
    };

    private sealed class LanePort : ILanePort
    {
        public void Send(ISlotMessage message)
        {
        }

        public void Rewind(long offset, int fetchGeneration, long newestEventTime, int recordsInVain) =>
            throw new InvalidOperationException("nothing was lost");

        public void Delivered(long applied, long duplicates, IReadOnlyList<Refusal> refused)
        {
        }

        public void Ended(LaneEnd end) => throw new InvalidOperationException($"{end}");
    }

    private sealed class SlotPort : ISlotPort
    {
        public SlotProtocol? Asked { get; set; }

        public long Folded { get; private set; }

        public bool TryFold(LaneId lane, RowBlock block, int row, out string reason, out string detail)
        {
            (reason, detail) = ("", "");
            Folded++;
            return true;
        }

        public void Reply(LaneMessages.IFromLane message, IFeedMessage answer)
        {
        }

        public void Tell(LaneMessages.State state)
        {
        }

        public void ReadHighest() => Asked!.OnHighest(0, 0);

        public void Stop(string reason) => throw new InvalidOperationException(reason);

        public void Condition(string name, string detail) => throw new InvalidOperationException(name);
    }
}
