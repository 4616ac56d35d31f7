using System.Buffers;
using System.Text;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Compilation;
using AkkaFeeds.Definitions.Decoding;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Definitions.Vectors;

/// <summary>Folds records in their order, as lanes and slots would without a network between them.</summary>
internal sealed class VectorFold(CompiledFeed feed)
{
    private readonly TopicDecoder decoder = TopicDecoder.Create([feed]);
    private readonly Dictionary<(string Topic, int Partition), Reading> readings = [];
    private readonly Dictionary<KeyName, KeyState> states = [];
    private LaneProgram? lane;

    /// <summary>How many records went where, by outcome.</summary>
    public Dictionary<Outcome, long> Outcomes { get; } = [];

    /// <summary>How many were quarantined, by reason.</summary>
    public Dictionary<string, long> Quarantined { get; } = [];

    /// <summary>Why each was quarantined, in order.</summary>
    public List<string> Details { get; } = [];

    public void Add(VectorRecord record)
    {
        if (!readings.TryGetValue((record.Topic, record.Partition), out var reading))
        {
            readings.Add((record.Topic, record.Partition), reading = new Reading());
        }

        var offset = record.Offset ?? reading.Last + 1;
        reading.Last = Math.Max(reading.Last, offset);
        var outcome = Fold(record, offset, reading);
        Outcomes[outcome] = Outcomes.GetValueOrDefault(outcome) + 1;
    }

    /// <summary>The view of a key, or null where no record has made it.</summary>
    public string? ViewOf(KeyName key)
    {
        if (!states.TryGetValue(key, out var state))
        {
            return null;
        }

        // Through the bytes, so that each vector also tries those.
        var bytes = new ArrayBufferWriter<byte>();
        feed.View.Encode(state, bytes);
        var text = new ArrayBufferWriter<byte>();
        feed.View.WriteView(feed.View.Decode(bytes.WrittenSpan), text);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private Outcome Fold(VectorRecord record, long offset, Reading reading)
    {
        lane ??= new LaneProgram(feed, decoder);
        var facts = record.Facts(offset);
        var columns = new Value[decoder.Width];
        if (!decoder.TryDecode(facts, columns, out var problem))
        {
            return Quarantine(Reasons.Decode, problem!);
        }

        var classified = lane.Classify(facts, columns);
        if (classified.IsFiltered)
        {
            return Outcome.Filtered;
        }

        if (classified.IsQuarantined)
        {
            return Quarantine(classified.Reason!, classified.Detail!);
        }

        var isLate = feed.Definition.Late is { } late
            && reading.IsLate(offset, classified.EventTime, (long)late.TotalMilliseconds);
        reading.Note(offset, classified.EventTime);
        return isLate ? Outcome.Late : Apply(record, offset, reading, classified, columns);
    }

    private Outcome Apply(VectorRecord record, long offset, Reading reading, in Classified classified, Value[] columns)
    {
        var key = classified.Key!;
        var slot = key.SlotOf(feed.Definition.Slots);
        if (reading.Watermarks.TryGetValue(slot, out var watermark) && offset <= watermark)
        {
            return Outcome.Duplicate;
        }

        reading.Watermarks[slot] = offset;
        var topic = feed.Definition.Topics.ToList().IndexOf(record.Topic);
        if (topic < 0)
        {
            throw new FormatException($"records: {record.Topic} is not a topic of the feed");
        }

        var row = new Value[feed.Width];
        lane!.CopyRow(columns, row);
        var block = new RowBlock
        {
            Offsets = [offset],
            EventTimes = [classified.EventTime],
            Timestamps = [record.Timestamp],
            Keys = [key],
            Fields = row,
            Width = feed.Width,
            Ids = classified.Id is null ? null : [classified.Id],
            Retractions = classified.Id is null ? null : [classified.IsRetraction],
        };
        var state = states.GetValueOrDefault(key) ?? feed.View.Create();
        var change = default(FoldChange);
        var source = ViewProgram.SourceOf(topic, record.Partition);
        if (!feed.View.TryApply(state, block, 0, source, ref change, out var reason, out var detail))
        {
            return Quarantine(reason, detail);
        }

        states[key] = state;
        return Outcome.Applied;
    }

    private Outcome Quarantine(string reason, string detail)
    {
        Quarantined[reason] = Quarantined.GetValueOrDefault(reason) + 1;
        Details.Add($"{reason}: {detail}");
        return Outcome.Quarantined;
    }

    // What the lane of a partition knows. The newest event time is kept by offset, because a record read again is
    // judged as it
    // was the first time.
    private sealed class Reading
    {
        private readonly SortedList<long, long> times = [];

        public long Last { get; set; } = -1;

        public Dictionary<int, long> Watermarks { get; } = [];

        public bool IsLate(long offset, long eventTime, long lateMilliseconds)
        {
            var newest = long.MinValue;
            foreach (var (at, time) in times)
            {
                newest = at < offset ? Math.Max(newest, time) : newest;
            }

            return newest != long.MinValue && newest - eventTime > lateMilliseconds;
        }

        public void Note(long offset, long eventTime) => times[offset] = eventTime;
    }
}
