using AkkaFeeds.Contracts;

namespace AkkaFeeds.Ingest.Protocol;

/// <summary>
/// The lane's side of the lane protocol (docs/protocol.md; rules 2 to 8 of the design): what to send, what is outstanding, how
/// far the floor may rise, when to read again. Pure: it knows no clock, no actor and no Kafka. Its cost is per batch and slot;
/// a row costs no object and no look-up.
/// </summary>
internal sealed class LaneProtocol
{
    private readonly ILanePort port;
    private readonly SlotTrack[] slots;
    private readonly ReadLog log = new();
    private readonly List<LedgerEntry> entries = [];
    private readonly SortedDictionary<long, Refusal> refusals = [];
    private readonly int rowsInFlightMax;
    private LedgerWrite? writing;
    private LedgerCounts counts;
    private long newestAtFloor;
    private long newestRead;
    private bool rewindWanted;

    /// <summary>Begins a lane at its ledger's floor (rule 2).</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="lease">Its lease, which the ledger has taken.</param>
    /// <param name="slotIds">The slots of its feed, by index.</param>
    /// <param name="ledger">The ledger.</param>
    /// <param name="earliest">Where the log begins: the floor where the ledger has none.</param>
    /// <param name="rowsInFlightMax">How many rows may be neither applied nor durable.</param>
    /// <param name="port">Who carries effects out.</param>
    public LaneProtocol(
        LaneId lane, string lease, IReadOnlyList<SlotId> slotIds, LedgerState ledger, long earliest, int rowsInFlightMax,
        ILanePort port)
    {
        this.port = port;
        this.rowsInFlightMax = rowsInFlightMax;
        Lane = lane;
        Lease = lease;
        slots = [.. slotIds.Select(slot => new SlotTrack(slot))];
        Floor = ledger.Floor ?? earliest;
        Position = Floor;
        End = Floor;
        counts = ledger.Counts;
        newestAtFloor = ledger.NewestEventTime;
        newestRead = newestAtFloor;
    }

    /// <summary>The lane.</summary>
    public LaneId Lane { get; }

    /// <summary>The lease.</summary>
    public string Lease { get; }

    /// <summary>C: every record below it is durable.</summary>
    public long Floor { get; private set; }

    /// <summary>The next offset to read.</summary>
    public long Position { get; private set; }

    /// <summary>The log's end as last seen, exclusive.</summary>
    public long End { get; private set; }

    /// <summary>How often the lane has rewound.</summary>
    public int Round { get; private set; }

    /// <summary>The newest event time read among records neither filtered nor quarantined, Unix ms (the rule of <c>late</c>).</summary>
    public long NewestEventTime => newestRead;

    /// <summary>Whether another batch may be offered: credit is left, and no rewind waits for the ledger.</summary>
    public bool CanAccept => !rewindWanted && RowsInFlight < rowsInFlightMax;

    /// <summary>Whether a ledger write is under way.</summary>
    public bool IsWriting => writing is not null;

    /// <summary>Rows that are neither applied nor durable.</summary>
    public int RowsInFlight { get; private set; }

    /// <summary>Records read and not below the floor.</summary>
    public int RecordsAboveFloor => log.Count;

    /// <summary>Notes where the log ends.</summary>
    public void OnEnd(long end) => End = Math.Max(End, end);

    /// <summary>Takes the records from the position on, and sends their rows (rule 3).</summary>
    public void Offer(ClassifiedBatch batch)
    {
        if (batch.Next < Position || (batch.Offsets.Length > 0 && batch.Offsets[0] < Position))
        {
            throw new InvalidOperationException(
                $"{Lane} stands at {Position}, and was offered records up to {batch.Next}");
        }

        log.Add(batch);
        entries.AddRange(batch.Entries);
        for (var record = 0; record < batch.Offsets.Length; record++)
        {
            if (batch.Outcomes[record] is Outcome.Applied)
            {
                newestRead = Math.Max(newestRead, batch.EventTimes[record]);
            }
        }

        Position = batch.Next;
        OnEnd(Position);
        for (var index = 0; index < slots.Length; index++)
        {
            if (batch.Blocks[index] is { Count: > 0 } block)
            {
                Send(slots[index], block);
            }
        }
    }

    /// <summary>Asks every slot whether it is where this lane thinks (rule 7).</summary>
    public void AskAll()
    {
        foreach (var slot in slots)
        {
            Ask(slot);
        }
    }

    /// <summary>Takes a slot's state, of whatever incarnation (rule 4).</summary>
    public void On(LaneMessages.State state)
    {
        var slot = slots[state.Slot.Index];
        var acknowledged = slot.Acknowledge(state.Applied, state.Durable);
        RowsInFlight -= acknowledged;
        var refused = 0;
        foreach (var refusal in state.Refusals)
        {
            if (refusal.Offset >= Floor && refusals.TryAdd(refusal.Offset, refusal))
            {
                refused++;
            }
        }

        if (acknowledged > 0 || refused > 0 || state.Duplicates > 0)
        {
            var duplicates = Math.Min(state.Duplicates, acknowledged);
            port.Delivered(acknowledged - duplicates, duplicates, refused);
        }

        if (slot.Epoch != state.Epoch)
        {
            slot.Epoch = state.Epoch;
            Ask(slot);
        }
    }

    /// <summary>A slot lacks rows: read again from the floor (rule 6). Answers to an older round are ignored.</summary>
    /// <returns>Whether it counted.</returns>
    public bool On(LaneMessages.Gap gap)
    {
        if (gap.Lease != Lease || gap.Round != Round)
        {
            return false;
        }

        if (IsWriting)
        {
            // The answer will move the floor, and the rewind has to start from the floor that the ledger has.
            rewindWanted = true;
        }
        else
        {
            Rewind();
        }

        return true;
    }

    /// <summary>What the ledger has to store for the floor to rise, or null where it cannot or a write is under way (rule 5).</summary>
    public LedgerWrite? PrepareWrite()
    {
        var floor = LowestOpen();
        if (IsWriting || rewindWanted || floor <= Floor)
        {
            return null;
        }

        var sum = log.SumBelow(floor, newestAtFloor);
        var refused = refusals.Values.TakeWhile(refusal => refusal.Offset < floor).ToList();
        var own = entries.Where(entry => entry.Offset < floor);
        writing = new LedgerWrite(
            Lease,
            floor,
            sum.NewestEventTime,
            sum.LeaderEpoch,
            new LedgerCounts(
                counts.Applied + sum.Counts.Applied - refused.Count,
                counts.Filtered + sum.Counts.Filtered,
                counts.Late + sum.Counts.Late,
                counts.Quarantined + sum.Counts.Quarantined + refused.Count),
            [.. own, .. refused.Select(ToEntry)]);
        return writing;
    }

    /// <summary>The ledger has stored the write: the floor rises.</summary>
    public void OnWritten()
    {
        var write = writing ?? throw new InvalidOperationException($"{Lane} has no ledger write under way");
        writing = null;
        Floor = write.Floor;
        counts = write.Counts;
        newestAtFloor = write.NewestEventTime;
        log.DropBelow(Floor);
        entries.RemoveAll(entry => entry.Offset < Floor);
        foreach (var offset in refusals.Keys.TakeWhile(offset => offset < Floor).ToList())
        {
            refusals.Remove(offset);
        }

        foreach (var slot in slots)
        {
            slot.FloorRose(Floor);
        }

        if (rewindWanted)
        {
            Rewind();
        }
    }

    /// <summary>Whether the ledger may or may not have stored the write: it is to be sent again as it was.</summary>
    public LedgerWrite? Unanswered => writing;

    private long LowestOpen()
    {
        var lowest = Position;
        foreach (var slot in slots)
        {
            lowest = Math.Min(lowest, slot.LowestOutstanding ?? lowest);
        }

        return lowest;
    }

    private void Rewind()
    {
        rewindWanted = false;
        Round++;
        Position = Floor;
        RowsInFlight = 0;
        newestRead = newestAtFloor;
        log.Clear();
        entries.Clear();
        foreach (var slot in slots)
        {
            slot.Rewind();
        }

        port.Rewind(Position);
    }

    private void Send(SlotTrack slot, RowBlock block)
    {
        var previous = slot.Previous;
        slot.Sent(block);
        RowsInFlight += block.Count;
        port.Send(new LaneMessages.Rows(
            slot.Slot, Lane, Lease, Round, Floor, previous, Position, End, slot.Epoch, block));
    }

    private void Ask(SlotTrack slot) => port.Send(new LaneMessages.Ask(
        slot.Slot, Lane, Lease, Round, Floor, slot.Previous, Position, End, slot.Epoch));

    private static LedgerEntry ToEntry(Refusal refusal) =>
        new(refusal.Offset, Outcome.Quarantined, refusal.Reason, refusal.Detail, default, default);
}
