using System.Runtime.CompilerServices;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Ingest.Protocol;

/// <summary>
/// What becomes true when the floor rises (rule 5): the counts, the newest event time and the entries of everything
/// that was read between the floor and the position. It follows the log and not the deliveries, so a record counts
/// once however often it was sent.
/// </summary>
internal sealed class FloorAccount(LedgerView ledger)
{
    // Beyond it a refusal is listed with position and reason; its bytes are read from Kafka when they are asked for.
    private const int KeptBytesMax = 16 * 1024 * 1024;

    // What one write may list, of the lane's own records and of what slots refused, each: a write is one message and
    // one row of the journal. Where there is more, the floor rises with several writes.
    private const long ListedBytesMax = 64 * 1024 * 1024;

    // About what an entry takes beside its bytes and its detail.
    private const int EntryBytes = 64;

    private readonly ReadLog log = new();
    private readonly List<LedgerEntry> entries = [];
    private readonly SortedDictionary<long, Refusal> refusals = [];
    private readonly Dictionary<long, (byte[] Key, byte[] Value)> kept = [];
    private int keptBytes;
    private LeaderMark leader = ledger.Leader;

    /// <summary>The records below the floor, by outcome.</summary>
    public LedgerCounts Counts { get; private set; } = ledger.Counts;

    /// <summary>The newest event time below the floor, Unix ms.</summary>
    public long NewestAtFloor { get; private set; } = ledger.NewestEventTime;

    /// <summary>The newest event time read, Unix ms.</summary>
    public long NewestRead { get; private set; } = ledger.NewestEventTime;

    /// <summary>Records read and not below the floor.</summary>
    public int RecordsAboveFloor => log.Count;

    /// <summary>Notes what was read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ClassifiedBatch batch)
    {
        log.Add(batch);
        entries.AddRange(batch.Entries);
        for (var record = 0; record < batch.Offsets.Length; record++)
        {
            if (batch.Outcomes[record] is Outcome.Applied)
            {
                NewestRead = Math.Max(NewestRead, batch.EventTimes[record]);
            }
        }

        // A slot may have told of what an earlier lane sent it before this lane has read so far.
        KeepBytes(refusals.Keys);
    }

    /// <summary>
    /// Keeps the bytes of rows that a slot has refused, from the moment that it did. It tells of the refusal itself
    /// once that is durable.
    /// </summary>
    public void KeepBytes(IEnumerable<long> offsets)
    {
        foreach (var offset in offsets)
        {
            if (keptBytes < KeptBytesMax && !kept.ContainsKey(offset)
                && log.TryBytes(offset, out var key, out var value))
            {
                kept.Add(offset, (key.ToArray(), value.ToArray()));
                keptBytes += key.Length + value.Length;
            }
        }
    }

    /// <summary>
    /// Notes what a slot refused, at or above the floor; it is kept over rewinds, because slots may have forgotten
    /// it.
    /// </summary>
    /// <returns>Those of them that are new.</returns>
    public IReadOnlyList<Refusal> Add(IReadOnlyList<Refusal> refused, long floor)
    {
        List<Refusal>? added = null;
        for (var index = 0; index < refused.Count; index++)
        {
            if (refused[index].Offset >= floor && refusals.TryAdd(refused[index].Offset, refused[index]))
            {
                (added ??= []).Add(refused[index]);
            }
        }

        KeepBytes(added?.Select(each => each.Offset) ?? []);

        return added ?? (IReadOnlyList<Refusal>)[];
    }

    /// <summary>The leader epoch of the row at an offset above the floor; null where none was read there.</summary>
    public int? EpochOfRow(long offset) => log.EpochOfRow(offset);

    /// <summary>The first row below an offset that a slot has refused and that was not read; null where none
    /// is.</summary>
    public long? RefusedUnread(long floor)
    {
        foreach (var offset in refusals.Keys.TakeWhile(offset => offset < floor))
        {
            if (log.EpochOfRow(offset) is null)
            {
                return offset;
            }
        }

        return null;
    }

    /// <summary>
    /// What has to be stored for the floor to rise to an offset, or to one below it where that is much at once.
    /// </summary>
    public LedgerWrite Prepare(string lease, long from, long floor)
    {
        floor = FloorWithin(entries, FloorWithin(refusals.Values.Select(ToEntry), floor));
        var sum = log.SumBelow(floor, NewestAtFloor, leader);
        var refused = refusals.Values.TakeWhile(refusal => refusal.Offset < floor).ToList();
        var own = entries.Where(entry => entry.Offset < floor);
        return new LedgerWrite(
            lease,
            floor,
            sum.NewestEventTime,
            sum.Leader,
            new LedgerCounts(
                Counts.Applied + sum.Counts.Applied - refused.Count,
                Counts.Filtered + sum.Counts.Filtered,
                Counts.Late + sum.Counts.Late,
#if DEFECT_REFUSALS_NOT_COUNTED
                Counts.Quarantined + sum.Counts.Quarantined,
#else
                Counts.Quarantined + sum.Counts.Quarantined + refused.Count,
#endif
                Counts.Unkeyed + sum.Counts.Unkeyed),
            [.. own, .. refused.Select(ToEntry)],
            from);
    }

    /// <summary>The ledger has it: what is below the floor is dropped.</summary>
    public void Stored(LedgerWrite write)
    {
        Counts = write.Counts;
        NewestAtFloor = write.NewestEventTime;
        leader = write.Leader;
        log.DropBelow(write.Floor);
        entries.RemoveAll(entry => entry.Offset < write.Floor);
        foreach (var offset in refusals.Keys.TakeWhile(offset => offset < write.Floor).ToList())
        {
            refusals.Remove(offset);
        }

        foreach (var offset in kept.Keys.Where(offset => offset < write.Floor).ToList())
        {
            kept.Remove(offset, out var bytes);
            keptBytes -= bytes.Key.Length + bytes.Value.Length;
        }
    }

    /// <summary>The lane reads again from the floor: what was read is forgotten, what slots refused is not.</summary>
    public void Rewind()
    {
        log.Clear();
        entries.Clear();
        NewestRead = NewestAtFloor;
    }

    /// <summary>
    /// Everything below the offset is folded or refused: the bytes of those records are not wanted any more.
    /// </summary>
    public void ReleaseBytes(long below, int recordsMax) => log.ReleaseBytes(below, recordsMax);

    /// <summary>The highest floor whose entries one write may list; they come by ascending offset.</summary>
    private static long FloorWithin(IEnumerable<LedgerEntry> ascending, long floor)
    {
        long bytes = 0;
        foreach (var entry in ascending.TakeWhile(entry => entry.Offset < floor))
        {
            var listed = EntryBytes + entry.Detail.Length + entry.Bytes;
            if (bytes > 0 && bytes + listed > ListedBytesMax)
            {
                return entry.Offset;
            }

            bytes += listed;
        }

        return floor;
    }

    private LedgerEntry ToEntry(Refusal refusal)
    {
        var (key, value) = kept.GetValueOrDefault(refusal.Offset);
        return new(refusal.Offset, Outcome.Quarantined, refusal.Reason, refusal.Detail, key, value);
    }
}
