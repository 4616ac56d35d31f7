using System.Runtime.CompilerServices;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Ingest.Protocol;

/// <summary>
/// What was read between the floor and the position: the offset, outcome and event time of each record, in the arrays
/// of the batches that brought them. The floor's counts come from here, so that they count records and not
/// deliveries.
/// </summary>
internal sealed class ReadLog
{
    private readonly List<ClassifiedBatch> batches = [];
    private readonly Queue<ClassifiedBatch> withBytes = [];
    private int recordsWithBytes;
    private int firstRecord;

    /// <summary>How many records are kept.</summary>
    public int Count { get; private set; }

    /// <summary>Notes what was read.</summary>
    public void Add(ClassifiedBatch batch)
    {
        if (batch.Offsets.Length > 0)
        {
            batches.Add(batch);
            Count += batch.Offsets.Length;
            if (batch.Bytes is not null)
            {
                withBytes.Enqueue(batch);
                recordsWithBytes += batch.Offsets.Length;
            }
        }
    }

    /// <summary>
    /// Lets the bytes of records go that are below an offset, or that are more than <paramref name="recordsMax"/>.
    /// </summary>
    public void ReleaseBytes(long below, int recordsMax)
    {
        while (withBytes.TryPeek(out var oldest) && (oldest.Offsets[^1] < below || recordsWithBytes > recordsMax))
        {
            withBytes.Dequeue().Bytes = null;
            recordsWithBytes -= oldest.Offsets.Length;
        }
    }

    /// <summary>The bytes of a record, where it was read and they are still kept.</summary>
    public bool TryBytes(long offset, out ReadOnlyMemory<byte> key, out ReadOnlyMemory<byte> value)
    {
        (key, value) = (default, default);
        foreach (var batch in withBytes)
        {
            if (batch.Offsets[^1] >= offset)
            {
                var record = Array.BinarySearch(batch.Offsets, offset);
                if (record < 0)
                {
                    return false;
                }

                (key, value) = (batch.Bytes!.KeyOf(record), batch.Bytes.ValueOf(record));
                return true;
            }
        }

        return false;
    }

    /// <summary>The leader epoch of the row at an offset; null where a row was not read there.</summary>
    public int? EpochOfRow(long offset)
    {
        var first = 0;
        var last = batches.Count - 1;
        while (first <= last)
        {
            var middle = (first + last) / 2;
            var batch = batches[middle];
            if (batch.Offsets[^1] < offset)
            {
                first = middle + 1;
            }
            else if (batch.Offsets[0] > offset)
            {
                last = middle - 1;
            }
            else
            {
                var record = Array.BinarySearch(batch.Offsets, offset);
                return record >= 0 && batch.Outcomes[record] is Outcome.Applied ? batch.LeaderEpoch : null;
            }
        }

        return null;
    }

    /// <summary>What the records below an offset add up to; all rows count as applied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public LogSum SumBelow(long offset, long newestEventTime, LeaderMark leader)
    {
        long applied = 0, filtered = 0, late = 0, quarantined = 0;
        var start = firstRecord;
        foreach (var batch in batches)
        {
            var end = CountBelow(batch, offset);
            for (var record = start; record < end; record++)
            {
                switch (batch.Outcomes[record])
                {
                    case Outcome.Filtered:
                        filtered++;
                        break;
                    case Outcome.Quarantined:
                        quarantined++;
                        break;
                    case Outcome.Late:
                        late++;
                        break;
                    default:
                        applied++;
                        newestEventTime = Math.Max(newestEventTime, batch.EventTimes[record]);
                        break;
                }
            }

            if (end > start && batch.LeaderEpoch > leader.Epoch)
            {
                leader = new LeaderMark(batch.LeaderEpoch, batch.Offsets[start]);
            }

            if (end < batch.Offsets.Length)
            {
                break;
            }

            start = 0;
        }

        return new LogSum(
            new LedgerCounts(applied, filtered, late, quarantined, quarantined), newestEventTime, leader);
    }

    /// <summary>Drops the records below an offset.</summary>
    public void DropBelow(long offset)
    {
        var whole = 0;
        while (whole < batches.Count && batches[whole].Offsets[^1] < offset)
        {
            Count -= batches[whole].Offsets.Length - firstRecord;
            firstRecord = 0;
            whole++;
        }

        batches.RemoveRange(0, whole);
        if (batches.Count > 0)
        {
            var first = CountBelow(batches[0], offset);
            Count -= first - firstRecord;
            firstRecord = first;
        }
    }

    /// <summary>Forgets everything: the lane rewinds.</summary>
    public void Clear()
    {
        batches.Clear();
        withBytes.Clear();
        recordsWithBytes = 0;
        firstRecord = 0;
        Count = 0;
    }

    private static int CountBelow(ClassifiedBatch batch, long offset)
    {
        var found = Array.BinarySearch(batch.Offsets, offset);
        return found >= 0 ? found : ~found;
    }
}

/// <summary>What a stretch of the log adds up to.</summary>
/// <param name="Counts">Records by outcome.</param>
/// <param name="NewestEventTime">The newest event time of it and of what was before it, Unix ms.</param>
/// <param name="Leader">Kafka's leader epoch of its last record, and where that began.</param>
internal readonly record struct LogSum(LedgerCounts Counts, long NewestEventTime, LeaderMark Leader);
