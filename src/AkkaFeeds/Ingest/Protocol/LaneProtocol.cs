using AkkaFeeds.Contracts;

namespace AkkaFeeds.Ingest.Protocol;

/// <summary>
/// The lane's side of the lane protocol (docs/protocol.md; rules 2 to 8 of the design): what to send, what is
/// outstanding, how far the floor may rise, when to read again. Pure: it knows no clock, no actor and no Kafka. Its
/// cost is per batch and slot; a row costs no object and no look-up.
/// </summary>
internal sealed partial class LaneProtocol
{
    private readonly ILanePort port;
    private readonly SlotTrack[] slots;
    private readonly FloorAccount account;
    private readonly LeaderWatch leaders;
    private readonly LaneOptions options;
    private readonly long startFloor;
    private LedgerWrite? writing;
    private bool rewindWanted;
    private bool revoked;
    private bool ended;

    /// <summary>Begins a lane at its ledger's floor (rule 2).</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="slotIds">The slots of its feed, by index.</param>
    /// <param name="ledger">The ledger as it stood when it gave the lease.</param>
    /// <param name="options">The limits.</param>
    /// <param name="port">Who carries effects out.</param>
    public LaneProtocol(
        LaneId lane, IReadOnlyList<SlotId> slotIds, LedgerView ledger, LaneOptions options, ILanePort port)
    {
        this.port = port;
        this.options = options;
        Lane = lane;
        account = new FloorAccount(ledger);
        leaders = new LeaderWatch(ledger.Leader);
        Lease = ledger.Lease;
        slots = [.. slotIds.Select(slot => new SlotTrack(slot))];
        Floor = ledger.Floor;
        startFloor = Floor;
        Position = Floor;
        End = Floor;
        EndClaimed = Floor;
    }

    /// <summary>The lane.</summary>
    public LaneId Lane { get; }

    /// <summary>The lease.</summary>
    public string Lease { get; }

    /// <summary>C: every record below it is durable.</summary>
    public long Floor { get; private set; }

    /// <summary>The next offset to read.</summary>
    public long Position { get; private set; }

    /// <summary>The log's end as Kafka last said, exclusive.</summary>
    public long End { get; private set; }

    /// <summary>
    /// Where the log must end at least, as Kafka or a slot says: what a probe that is begun now is held against.
    /// </summary>
    public long EndClaimed { get; private set; }

    /// <summary>How often the lane has rewound.</summary>
    public int Round { get; private set; }

    /// <summary>How often the partition was read anew; what was fetched under an older one is dropped.</summary>
    public int FetchGeneration { get; private set; }

    /// <summary>
    /// The newest event time read among records neither filtered nor quarantined, Unix ms (the rule of <c>late</c>).
    /// </summary>
    public long NewestEventTime => account.NewestRead;

    /// <summary>Whether another batch may be offered: credit is left, and no rewind waits for the ledger.</summary>
    public bool CanAccept =>
        !rewindWanted && !revoked && !ended
        && RowsInFlight < options.RowsInFlightMax && account.RecordsAboveFloor < options.RecordsAboveFloorMax;

    /// <summary>
    /// Whether everything that was sent is durable and below the floor: a lane that is revoked may end.
    /// </summary>
    public bool IsDrained => writing is null && SlotTrack.LowestOpen(slots, Position) == Floor;

    /// <summary>Whether the lane has ended.</summary>
    public bool HasEnded => ended;

    /// <summary>Whether a ledger write is under way.</summary>
    public bool IsWriting => writing is not null;

    /// <summary>Rows that are neither applied nor durable.</summary>
    public int RowsInFlight { get; private set; }

    /// <summary>Records read and not below the floor.</summary>
    public int RecordsAboveFloor => account.RecordsAboveFloor;

    /// <summary>
    /// Begins, with the log as it is since the lease was taken; no earlier, for a log that is shorter than the floor
    /// is another one, and slots that recovered take the end for how far they have to come. Asks every slot where it
    /// is.
    /// </summary>
    public void Begin(OffsetRange range)
    {
        OnProbe(range, Floor);
        AskAll();
    }

    /// <summary>The records below the floor, by outcome.</summary>
    public LedgerCounts Counts => account.Counts;

    /// <summary>Notes where the log ends.</summary>
    public void OnEnd(long end)
    {
        End = Math.Max(End, end);
        EndClaimed = Math.Max(EndClaimed, End);
    }

    /// <summary>Takes the records from the position on, and sends their rows (rule 3).</summary>
    /// <returns>Whether it was taken: false where it belongs to an older fetch generation, or the lane is
    /// ending.</returns>
    public bool Offer(ClassifiedBatch batch)
    {
#if DEFECT_STALE_BATCH_TAKEN
        if (ended || revoked)
#else
        if (ended || revoked || batch.FetchGeneration != FetchGeneration)
#endif
        {
            return false;
        }

        if (batch.Next < Position || (batch.Offsets.Length > 0 && batch.Offsets[0] < Position))
        {
            throw new InvalidOperationException(
                $"{Lane} stands at {Position}, and was offered records up to {batch.Next}");
        }

        if (leaders.Take(batch, slots) is { } gone)
        {
            EndWith(new LaneEnd(LaneEndReason.SourceChanged, gone));
            return false;
        }

        account.Add(batch);
        Position = batch.Next;
        OnEnd(Position);
        for (var index = 0; index < slots.Length; index++)
        {
            if (batch.Blocks[index] is { Count: > 0 } block)
            {
                Send(slots[index], block, batch.LeaderEpoch);
            }
        }

        ReleaseBytes();
        return true;
    }

    /// <summary>Asks every slot whether it is where this lane thinks (rule 7).</summary>
    public void AskAll()
    {
        if (ended)
        {
            return;
        }

        foreach (var slot in slots)
        {
            Ask(slot);
        }
    }

    /// <summary>
    /// Asks slots of which a report says that they have not caught up (rule 16): a new incarnation, which knows no
    /// lane to tell, is met so.
    /// </summary>
    /// <param name="indices">The slots, by index.</param>
    public void Ask(IReadOnlyList<int> indices)
    {
        if (ended)
        {
            return;
        }

        foreach (var index in indices)
        {
            Ask(slots[index]);
        }
    }

    /// <summary>Takes a slot's state, of whatever incarnation (rule 4).</summary>
    public void On(LaneMessages.State state)
    {
        if (ended || state.Lane != Lane || (uint)state.Slot.Index >= (uint)slots.Length
            || slots[state.Slot.Index].Slot != state.Slot)
        {
            return;
        }

        var slot = slots[state.Slot.Index];

        // Whoever sent the slot that row has seen a log that is at least so long. Until Kafka says so too the state
        // is not counted: what it calls durable may be rows that this log no longer has.
        EndClaimed = Math.Max(EndClaimed, state.Applied + 1);
        NoteEpoch(slot, state.Epoch);
        if (state.Applied >= End)
        {
            return;
        }

        if (leaders.Take(state) is { } gone)
        {
            EndWith(new LaneEnd(LaneEndReason.SourceChanged, gone));
            return;
        }

        slot.HasTold = true;
        slot.Applied = state.Applied;
        slot.AppliedLeaderEpoch = state.LeaderEpoch;
        var acknowledged = slot.Acknowledge(state.Applied, state.Durable);
        RowsInFlight -= acknowledged;
        account.KeepBytes(state.RefusedNow);
        var refused = account.Add(state.Refusals, Floor);
        if (acknowledged > 0)
        {
            ReleaseBytes();
        }

        if (acknowledged > 0 || refused.Count > 0 || state.Duplicates > 0)
        {
            var duplicates = Math.Min(state.Duplicates, acknowledged);
            port.Delivered(acknowledged - duplicates, duplicates, refused);
        }
    }

    /// <summary>
    /// A slot lacks rows: read again from the floor (rule 6). Answers to an older round are ignored.
    /// </summary>
    /// <returns>Whether it counted.</returns>
    public bool On(LaneMessages.Gap gap)
    {
        if (ended || gap.Lane != Lane || gap.Lease != Lease || gap.Round != Round)
        {
            return false;
        }

        ReadAgain();
        return true;
    }

    /// <summary>
    /// Reads again from the floor: a slot lacks rows, or the log may have been cut below the position and have grown
    /// again. Then what is read shows it by its leader epochs, which what comes behind the position would not.
    /// </summary>
    public void ReadAgain()
    {
        if (ended)
        {
            return;
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
    }

    /// <summary>The ledger belongs to another lane: this one ends at once.</summary>
    public void OnRefused() => EndWith(new LaneEnd(LaneEndReason.Stale));

    /// <summary>
    /// Takes what a probe says of the log (rule 18). A log that begins behind the position has lost records; one that
    /// ends below where it was known to end is another log, or a shorter one.
    /// </summary>
    /// <param name="log">The log's start and end.</param>
    /// <param name="endAtBegin"><see cref="EndClaimed"/> when the probe was begun: what came later may be newer than
    /// it.</param>
    public void OnProbe(OffsetRange log, long endAtBegin)
    {
        if (log.ToExclusive < endAtBegin)
        {
            EndWith(new LaneEnd(LaneEndReason.SourceChanged, new OffsetRange(log.ToExclusive, endAtBegin)));
        }
        else if (log.FromInclusive > Position)
        {
            EndWith(new LaneEnd(LaneEndReason.LostRange, new OffsetRange(Position, log.FromInclusive)));
        }
        else
        {
            OnEnd(log.ToExclusive);
        }
    }

    /// <summary>
    /// The partition is being revoked (rule 8): sends no more rows, and asks the slots that hold undurable ones to
    /// checkpoint now. States still count, and writes may still be prepared, until the owner ends the lane.
    /// </summary>
    public void Revoke()
    {
        if (revoked || ended)
        {
            return;
        }

        revoked = true;
        foreach (var slot in slots)
        {
            if (slot.LowestOutstanding is not null)
            {
                port.Send(new LaneMessages.CheckpointNow(slot.Slot));
            }
        }
    }

    /// <summary>Ends the lane: it sends, writes and commits nothing more.</summary>
    public void EndWith(LaneEnd end)
    {
        if (!ended)
        {
            ended = true;
            port.Ended(end);
        }
    }

    private void ReleaseBytes() =>
        account.ReleaseBytes(SlotTrack.LowestUnacknowledged(slots, Position), options.RecordsWithBytesMax);

    private void Rewind()
    {
        rewindWanted = false;
        Round++;
        FetchGeneration++;
        Position = Floor;
        RowsInFlight = 0;
        var recordsInVain = account.RecordsAboveFloor;
        account.Rewind();
        foreach (var slot in slots)
        {
            slot.Rewind();
        }

        port.Rewind(Position, FetchGeneration, account.NewestAtFloor, recordsInVain);
    }

    private void NoteEpoch(SlotTrack slot, string epoch)
    {
        if (slot.Epoch != epoch)
        {
            slot.Epoch = epoch;
            Ask(slot);
        }
    }

    private void Send(SlotTrack slot, RowBlock block, int leaderEpoch)
    {
        var previous = slot.Previous;
        slot.Sent(block, leaderEpoch);
        RowsInFlight += block.Count;
        port.Send(new LaneMessages.Rows(
            slot.Slot, Lane, Lease, Round, FloorFor(previous), previous?.Offset, previous?.LeaderEpoch ?? -1, Position,
            End, slot.Epoch, leaderEpoch, block));
    }

    private void Ask(SlotTrack slot) => port.Send(new LaneMessages.Ask(
        slot.Slot, Lane, Lease, Round, FloorFor(slot.Previous), slot.Previous?.Offset,
        slot.Previous?.LeaderEpoch ?? -1,
        Position, End, slot.Epoch));

    // Where nothing was sent to a slot yet, it is told the floor that the lane began at: from there on the lane
    // vouches that there was no row of it. A floor that is too low is true as well, and only keeps refusals longer.
    private long FloorFor(SentRow? previous) => previous is null ? startFloor : Floor;
}
