using AkkaFeeds.Contracts;

namespace AkkaFeeds.Simulation.Log;

/// <summary>
/// One partition of one topic id: records by offset, with gaps, control records and aborted stretches.
/// </summary>
internal sealed class SimLog(World world, LaneId lane, int index, Keys keys)
{
    private readonly List<(long At, long End)> ends = [];

    private static long Unique(int log, long offset, int leaderEpoch) =>
        ((long)log << 48) | ((long)leaderEpoch << 40) | offset;

    public LaneId Lane { get; } = lane;

    public int Index { get; } = index;

    public List<SimRecord> Records { get; } = [];

    public Oracle Oracle { get; private set; } = new(keys, world.Plan.Late);

    /// <summary>What was true before the tail was cut; a slot may stand on it until it notices.</summary>
    public Oracle? OracleBeforeCut { get; private set; }

    public long Start { get; private set; }

    public long End { get; private set; }

    public int LeaderEpoch { get; private set; } = 1;

    /// <summary>Where the second leader epoch began; there are never more than two.</summary>
    public long SecondEpochStart { get; private set; } = -1;

    /// <summary>Where the log ended at an earlier instant.</summary>
    public long EndAt(long instant)
    {
        for (var index = ends.Count - 1; index >= 0; index--)
        {
            if (ends[index].At <= instant)
            {
                return Math.Min(ends[index].End, End);
            }
        }

        return 0;
    }

    /// <summary>What a lane skipped with the operator's leave; -1 where nothing was.</summary>
    public (long From, long To) Lost { get; set; } = (-1, -1);

    /// <summary>The topic was made again: nothing of this log can be read any more.</summary>
    public bool IsGone { get; set; }

    /// <summary>A named condition says that only a new generation can be right.</summary>
    public bool IsCondemned { get; set; }

    /// <summary>Appends some records, a transaction's end, or a stretch that is filtered whole.</summary>
    public void Append(int count)
    {
        var rng = world.Rng;
        var filteredOnly = rng.PerMille(60);
        var aborted = rng.PerMille(40);
        for (var record = 0; record < count; record++)
        {
            if (rng.PerMille(50))
            {
                End += rng.Between(1, 5);
                world.Count(Happening.OffsetGap);
            }

            Add(DrawRecord(filteredOnly, visible: !aborted));
        }

        if (aborted || rng.PerMille(world.Plan.Control))
        {
            Add(DrawRecord(filteredOnly: true, visible: false));
        }

        ends.Add((world.Now, End));
        if (filteredOnly)
        {
            world.Count(Happening.FilteredOnlyStretch);
        }
    }

    /// <summary>Retention deletes the records below an offset.</summary>
    public void LoseStart(long start) => Start = Math.Max(Start, start);

    /// <summary>An unclean election: the new leader has less, and others will write where it ends.</summary>
    public void CutTail(long end)
    {
        OracleBeforeCut = Oracle.Clone();
        Records.RemoveAll(record => record.Offset >= end);
        End = end;
        LeaderEpoch++;
        SecondEpochStart = end;
        Oracle = new Oracle(keys, world.Plan.Late);
        foreach (var record in Records)
        {
            Oracle.Append(record);
        }
    }

    /// <summary>
    /// What Kafka's client asks before it reads on (OffsetForLeaderEpoch): is the log up to this position still the
    /// one that was read under that leader epoch?
    /// </summary>
    public bool IsTruncatedBelow(long position, int leaderEpoch) =>
        SecondEpochStart >= 0 && leaderEpoch == 1 && position > SecondEpochStart;

    /// <summary>The index of the first record at or behind an offset.</summary>
    public int IndexOf(long offset)
    {
        var low = 0;
        var high = Records.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Records[middle].Offset < offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private SimRecord DrawRecord(bool filteredOnly, bool visible)
    {
        var rng = world.Rng;
        var offset = End;
        var raw = filteredOnly || rng.PerMille(world.Plan.Filtered) ? Outcome.Filtered
            : rng.PerMille(world.Plan.Quarantined) ? Outcome.Quarantined
            : Outcome.Applied;
        return new SimRecord(
            offset, Unique(Index, offset, LeaderEpoch), Index, LeaderEpoch, visible, raw,
            rng.PerMille(world.Plan.Refused), rng.Below(keys.Count), world.Now + rng.Between(-80, 20));
    }

    private void Add(SimRecord record)
    {
        Records.Add(record);
        Oracle.Append(record);
        End = record.Offset + 1;
    }
}
