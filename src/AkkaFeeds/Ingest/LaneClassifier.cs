using System.Runtime.CompilerServices;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Compilation;
using AkkaFeeds.Definitions.Decoding;
using AkkaFeeds.Ingest.Protocol;

namespace AkkaFeeds.Ingest;

/// <summary>
/// Decides where each record of a batch goes (section 5 of the design), and lays the rows out by slot. Owned by one
/// lane: its
/// scratch arrays are used again for every batch, so that a record costs no allocation but its place in its slot's
/// block.
/// </summary>
internal sealed class LaneClassifier(LaneProgram program, string topic, int partition)
{
    private readonly int slots = program.Feed.Definition.Slots;
    private readonly int width = program.Feed.Width;
    private readonly bool hasId = program.Feed.Definition.Id is not null;
    private readonly LateRule late = new((long?)program.Feed.Definition.Late?.TotalMilliseconds);
    private readonly int[] counts = new int[program.Feed.Definition.Slots];
    private KeyName?[] keys = [];
    private string?[] ids = [];
    private bool[] retractions = [];

    /// <summary>
    /// The lane starts or rewinds: the newest event time below its floor, for the rule of <c>late</c>.
    /// </summary>
    public void Reset(long newestEventTime) => late.Reset(newestEventTime);

    /// <summary>Classifies the records from <paramref name="from"/> on.</summary>
    /// <param name="batch">The decoded records.</param>
    /// <param name="from">The lane's position: records before it are passed over.</param>
    /// <param name="fetchGeneration">The lane's fetch generation.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ClassifiedBatch Classify(DecodedBatch batch, long from, int fetchGeneration)
    {
        var first = FirstAtOrAbove(batch.Offsets, from);
        var count = batch.Count - first;
        EnsureScratch(count);
        Array.Clear(counts);
        var outcomes = new Outcome[count];
        var eventTimes = new long[count];
        List<LedgerEntry>? entries = null;
        for (var record = 0; record < count; record++)
        {
            var classified = Classify(batch, first + record);
            keys[record] = classified.Key;
            eventTimes[record] = classified.EventTime;
            if (classified.IsQuarantined)
            {
                outcomes[record] = Outcome.Quarantined;
                (entries ??= [])
                    .Add(EntryOf(batch, first + record, Outcome.Quarantined, classified.Reason!, classified.Detail!));
            }
            else if (!classified.IsRow)
            {
                outcomes[record] = Outcome.Filtered;
            }
            else if (late.IsLate(classified.EventTime))
            {
                outcomes[record] = Outcome.Late;
                keys[record] = null;
                (entries ??= []).Add(EntryOf(
                    batch, first + record, Outcome.Late, "late",
                    $"{late.Newest - classified.EventTime} ms behind the newest"));
            }
            else
            {
                ids[record] = classified.Id;
                retractions[record] = classified.IsRetraction;
                counts[classified.Key!.SlotOf(slots)]++;
            }
        }

        return new ClassifiedBatch
        {
            FetchGeneration = fetchGeneration,
            Offsets = first == 0 ? batch.Offsets : batch.Offsets[first..],
            Outcomes = outcomes,
            EventTimes = eventTimes,
            Blocks = LayOut(batch, first, eventTimes),
            Entries = entries ?? (IReadOnlyList<LedgerEntry>)[],
            Bytes = new BatchBytes(batch, first),
            Next = batch.Next,
            LeaderEpoch = batch.LeaderEpoch,
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Classified Classify(DecodedBatch batch, int index)
    {
        if (batch.Problems is { } problems && problems.TryGetValue(index, out var problem))
        {
            return Classified.Quarantined(Reasons.Decode, problem);
        }

        ref readonly var record = ref batch.Records.Span[index];
        var facts = new RecordFacts
        {
            Key = record.Key.Span,
            HasKey = record.HasKey,
            Value = record.Value.Span,
            HasValue = record.HasValue,
            Timestamp = batch.Timestamps[index],
            Topic = topic,
            Partition = partition,
            Offset = batch.Offsets[index],
            Headers = batch.Headers?[index],
        };
        return program.Classify(facts, batch.Columns.AsSpan(index * batch.Width, batch.Width));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private RowBlock?[] LayOut(DecodedBatch batch, int first, long[] eventTimes)
    {
        var blocks = new RowBlock?[slots];
        for (var slot = 0; slot < slots; slot++)
        {
            if (counts[slot] > 0)
            {
                blocks[slot] = NewBlock(counts[slot]);
                counts[slot] = 0;
            }
        }

        for (var record = 0; record < eventTimes.Length; record++)
        {
            if (keys[record] is not { } key)
            {
                continue;
            }

            var slot = key.SlotOf(slots);
            var block = blocks[slot]!;
            var row = counts[slot]++;
            var index = first + record;
            block.Offsets[row] = batch.Offsets[index];
            block.EventTimes[row] = eventTimes[record];
            block.Timestamps[row] = batch.Timestamps[index];
            block.Keys[row] = key;
            program.CopyRow(
                batch.Columns.AsSpan(index * batch.Width, batch.Width), block.Fields.AsSpan(row * width, width));
            if (hasId)
            {
                block.Ids![row] = ids[record]!;
                block.Retractions![row] = retractions[record];
            }
        }

        return blocks;
    }

    private RowBlock NewBlock(int count) => new()
    {
        Offsets = new long[count],
        EventTimes = new long[count],
        Timestamps = new long[count],
        Keys = new KeyName[count],
        Fields = new Value[count * width],
        Width = width,
        Ids = hasId ? new string[count] : null,
        Retractions = hasId ? new bool[count] : null,
    };

    private static LedgerEntry EntryOf(DecodedBatch batch, int index, Outcome outcome, string reason, string detail)
    {
        ref readonly var record = ref batch.Records.Span[index];
        return new(
            record.Offset, outcome, reason, detail, record.Key.ToArray(), record.Value.ToArray(),
            batch.Timestamps[index]);
    }

    private static int FirstAtOrAbove(long[] offsets, long offset)
    {
        if (offsets.Length == 0 || offsets[0] >= offset)
        {
            return 0;
        }

        var found = Array.BinarySearch(offsets, offset);
        return found >= 0 ? found : ~found;
    }

    private void EnsureScratch(int count)
    {
        if (keys.Length < count)
        {
            keys = new KeyName?[count];
            ids = new string?[count];
            retractions = new bool[count];
        }
    }
}
