using AkkaFeeds.Contracts;
using AkkaFeeds.Ingest.Protocol;
using AkkaFeeds.Simulation.Log;

namespace AkkaFeeds.Simulation.Actors;

/// <summary>
/// Kafka's client and the classification behind it, for one lane: reads batches from a position, under a fetch
/// generation, and says when the log is no longer the one that was read.
/// </summary>
internal sealed class Consumer(
    World world, SimLog log, Keys keys, long position, int leaderEpoch, long newestEventTime)
{
    private readonly LateRule late = NewLateRule(world, newestEventTime);
    private int generation;
    private int positionEpoch = leaderEpoch;

    public long Position { get; private set; } = position;

    /// <summary>Whether what was read up to the position is no longer in the log, as the client can tell.</summary>
    public bool IsTruncated =>
        world.Defect is not Defect.TruncationUnnoticed && log.IsTruncatedBelow(Position, positionEpoch);

    /// <summary>Whether the position is not in the log: nothing can be read there.</summary>
    public bool IsOutOfRange => Position < log.Start || Position > log.End;

    public void Rewind(long offset, int fetchGeneration, long newest)
    {
        Position = offset;
        generation = fetchGeneration;
        if (world.Defect is not Defect.LateRuleNotReset)
        {
            late.Reset(newest);
        }
    }

    /// <summary>The next batch, or null where there is nothing to read.</summary>
    public ClassifiedBatch? Poll()
    {
        if (log.IsGone || IsOutOfRange || Position >= log.End)
        {
            return null;
        }

        var index = log.IndexOf(Position);
        var records = new List<SimRecord>();
        var next = Position;
        while (index < log.Records.Count && records.Count < (world.IsRough ? world.Plan.BatchMax : 64))
        {
            var record = log.Records[index];
            if (records.Count > 0 && record.LeaderEpoch != records[^1].LeaderEpoch)
            {
                break;
            }

            index++;
            next = record.Offset + 1;
            positionEpoch = record.LeaderEpoch;
            if (record.Visible)
            {
                records.Add(record);
            }
        }

        // Kafka's client steps over control records when it comes to them, which may be with this batch or with the
        // next.
        var stepsOver = world.Rng.PerMille(500);
        while (stepsOver && index < log.Records.Count && !log.Records[index].Visible)
        {
            next = log.Records[index++].Offset + 1;
        }

        if (records.Count > 0 && next > records[^1].Offset + 1)
        {
            world.Count(Happening.ControlRecordsAtEnd);
        }

        if (world.Defect is Defect.ControlRecordsIgnored)
        {
            next = records.Count > 0 ? records[^1].Offset + 1 : Position;
        }

        Position = next;
        return Classify(records, next);
    }

    private static LateRule NewLateRule(World world, long newestEventTime)
    {
        var rule = new LateRule(world.Plan.Late);
        rule.Reset(world.Defect is Defect.LateRuleNotReset ? LateRule.None : newestEventTime);
        return rule;
    }

    private ClassifiedBatch Classify(List<SimRecord> records, long next)
    {
        var outcomes = new Outcome[records.Count];
        var entries = new List<LedgerEntry>();
        var rows = new List<SimRecord>[keys.SlotCount];
        for (var index = 0; index < records.Count; index++)
        {
            var record = records[index];
            outcomes[index] = record.Raw is Outcome.Applied && late.IsLate(record.EventTime) ? Outcome.Late
                : record.Raw;
            switch (outcomes[index])
            {
                case Outcome.Applied:
                    (rows[keys.SlotOf(record.Key)] ??= []).Add(record);
                    break;
                case Outcome.Late:
                    world.Count(Happening.RecordsLate);
                    entries.Add(new LedgerEntry(record.Offset, Outcome.Late, "late", "", default, new byte[7]));
                    break;
                case Outcome.Quarantined:
                    world.Count(Happening.RecordsQuarantined);
                    entries.Add(
                        new LedgerEntry(record.Offset, Outcome.Quarantined, Reasons.Decode, "", default, new byte[7]));
                    break;
                default:
                    world.Count(Happening.RecordsFiltered);
                    break;
            }
        }

        return new ClassifiedBatch
        {
            FetchGeneration = generation,
            Offsets = [.. records.Select(record => record.Offset)],
            Outcomes = outcomes,
            EventTimes = [.. records.Select(record => record.EventTime)],
            Blocks = [.. rows.Select(list => list is null ? null : ToBlock(list))],
            Entries = world.Defect is Defect.EntriesDropped ? [] : entries,
            Next = next,
            LeaderEpoch = records.Count > 0 ? records[^1].LeaderEpoch : -1,
        };
    }

    private RowBlock ToBlock(List<SimRecord> rows)
    {
        var fields = new Value[rows.Count * 3];
        for (var row = 0; row < rows.Count; row++)
        {
            fields[row * 3] = Value.Of(rows[row].Id);
            fields[(row * 3) + 1] = Value.Of(rows[row].Refuses);
            fields[(row * 3) + 2] = Value.Of(rows[row].Key);
        }

        return new RowBlock
        {
            Offsets = [.. rows.Select(row => row.Offset)],
            EventTimes = [.. rows.Select(row => row.EventTime)],
            Timestamps = [.. rows.Select(row => row.EventTime)],
            Keys = [.. rows.Select(row => keys.NameOf(row.Key))],
            Fields = fields,
            Width = 3,
        };
    }
}
