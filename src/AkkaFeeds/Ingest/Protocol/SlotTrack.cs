using AkkaFeeds.Contracts;

namespace AkkaFeeds.Ingest.Protocol;

/// <summary>
/// What a lane knows of one slot: the offsets that it sent, by block, of which the first rows may be durable already.
/// Two cursors walk over them: <c>outstanding</c> stands at the first row that is not durable, <c>acknowledged</c> at
/// the first that is not applied. They stay until the floor has passed them, because the last row below the floor is
/// what a rewind continues from. Only the offsets stay: the log is the buffer for sending again.
/// </summary>
internal sealed class SlotTrack(SlotId slot)
{
    private readonly List<SentBlock> blocks = [];
    private Cursor outstanding;
    private Cursor acknowledged;

    /// <summary>The slot.</summary>
    public SlotId Slot { get; } = slot;

    /// <summary>P: the last row sent since the lane's start or rewind, else what the rewind continues from.</summary>
    public SentRow? Previous { get; private set; }

    /// <summary>base: the last row below the floor that was sent.</summary>
    public SentRow? Base { get; private set; }

    /// <summary>The epoch that the lane knows of the slot.</summary>
    public string? Epoch { get; set; }

    /// <summary>Whether the slot has told this lane where it stands.</summary>
    public bool HasTold { get; set; }

    /// <summary>W as the slot last said, or -1.</summary>
    public long Applied { get; set; } = -1;

    /// <summary>Kafka's leader epoch of the row at <see cref="Applied"/>, or -1.</summary>
    public int AppliedLeaderEpoch { get; set; } = -1;

    /// <summary>How many rows are neither applied nor durable: what credit is counted in.</summary>
    public int RowsInFlight { get; private set; }

    /// <summary>The lowest row that is not durable, or null.</summary>
    public long? LowestOutstanding =>
        outstanding.Block < blocks.Count ? blocks[outstanding.Block].Offsets[outstanding.Row] : null;

    /// <summary>The lowest offset from which on a row is not durable: the position where there is none.</summary>
    public static long LowestOpen(SlotTrack[] slots, long position)
    {
        foreach (var slot in slots)
        {
#if DEFECT_FLOOR_OF_ONE_SLOT
            position = slot.LowestOutstanding ?? position;
#else
            position = Math.Min(position, slot.LowestOutstanding ?? position);
#endif
        }

        return position;
    }

    /// <summary>
    /// The lowest offset from which on a row is neither applied nor durable: the position where there is none.
    /// </summary>
    public static long LowestUnacknowledged(SlotTrack[] slots, long position)
    {
        foreach (var slot in slots)
        {
            if (slot.acknowledged.Block < slot.blocks.Count)
            {
                position = Math.Min(position, slot.blocks[slot.acknowledged.Block].Offsets[slot.acknowledged.Row]);
            }
        }

        return position;
    }

    /// <summary>Notes a block as sent.</summary>
    public void Sent(RowBlock block, int leaderEpoch)
    {
        blocks.Add(new SentBlock(block.Offsets, leaderEpoch));
        Previous = blocks[^1].RowAt(block.Count - 1);
        RowsInFlight += block.Count;
    }

    /// <summary>Moves both cursors; returns how many rows were acknowledged for the first time.</summary>
    public int Acknowledge(long applied, long durable)
    {
        var count = Move(ref acknowledged, Math.Max(applied, durable));
        RowsInFlight -= count;
        Move(ref outstanding, durable);
        return count;
    }

    /// <summary>The floor has risen: drops what is below it, and remembers the last row of that.</summary>
    public void FloorRose(long floor)
    {
        var below = default(Cursor);
        Move(ref below, floor - 1);
        if (below is { Block: 0, Row: 0 })
        {
            return;
        }

        Base = below.Row > 0
            ? blocks[below.Block].RowAt(below.Row - 1)
            : blocks[below.Block - 1].RowAt(blocks[below.Block - 1].Offsets.Length - 1);
        blocks.RemoveRange(0, below.Block);
        outstanding.Block -= below.Block;
        acknowledged.Block -= below.Block;
    }

    /// <summary>
    /// The lane rewinds: nothing is outstanding, and the next row continues from the last one below the floor.
    /// </summary>
    public void Rewind()
    {
        blocks.Clear();
        outstanding = default;
        acknowledged = default;
        RowsInFlight = 0;
        Previous = Base;
    }

    // Advances a cursor over the rows up to an offset inclusive.
    private int Move(ref Cursor cursor, long offset)
    {
        var count = 0;
        while (cursor.Block < blocks.Count)
        {
            var offsets = blocks[cursor.Block].Offsets;
            if (offsets[^1] <= offset)
            {
                count += offsets.Length - cursor.Row;
                cursor.Block++;
                cursor.Row = 0;
                continue;
            }

            if (offsets[cursor.Row] <= offset)
            {
                var found = Array.BinarySearch(offsets, cursor.Row, offsets.Length - cursor.Row, offset);
                var row = found >= 0 ? found + 1 : ~found;
                count += row - cursor.Row;
                cursor.Row = row;
            }

            break;
        }

        return count;
    }

    private record struct Cursor(int Block, int Row);

    private readonly record struct SentBlock(long[] Offsets, int LeaderEpoch)
    {
        public SentRow RowAt(int row) => new(Offsets[row], LeaderEpoch);
    }
}

/// <summary>A row that was sent.</summary>
/// <param name="Offset">Its offset.</param>
/// <param name="LeaderEpoch">Kafka's leader epoch of it, or -1.</param>
internal readonly record struct SentRow(long Offset, int LeaderEpoch);
