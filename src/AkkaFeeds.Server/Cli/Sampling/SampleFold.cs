using System.Buffers;
using System.Globalization;
using System.Text;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Compilation;
using AkkaFeeds.Definitions.Decoding;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Server.Cli.Sampling;

/// <summary>
/// Says what would become of records, by the same programs that lanes and slots run, starting from no state: what a
/// record meets in a running feed can be another (an older newest event time, a state near a limit), and the report
/// says so.
/// </summary>
internal sealed class SampleFold
{
    private readonly CompiledFeed feed;
    private readonly TopicDecoder decoder;
    private readonly LaneProgram lane;
    private readonly Value[] columns;
    private readonly Dictionary<KeyName, KeyState> states = [];
    private readonly Dictionary<(string Topic, int Partition), long> newest = [];

    public SampleFold(CompiledFeed feed)
    {
        this.feed = feed;
        decoder = TopicDecoder.Create([feed]);
        lane = new LaneProgram(feed, decoder);
        columns = new Value[decoder.Width];
    }

    public string Feed => feed.Definition.Name;

    public int Keys => states.Count;

    /// <summary>Takes one record, in the order of its partition.</summary>
    /// <param name="record">The record.</param>
    /// <param name="steps">Takes what each step finds; null where nobody reads it.</param>
    public SampledOutcome Add(SampledRecord record, List<string>? steps = null)
    {
        var facts = record.Facts();
        steps?.Add(Describe(record));
        if (!decoder.TryDecode(facts, columns, out var problem))
        {
            return Ended(steps, Outcome.Quarantined, Reasons.Decode, $"decode ({feed.Definition.Format}): {problem}");
        }

        steps?.Add($"decode ({feed.Definition.Format}): read {decoder.Width} fields in use");
        var classified = lane.Classify(facts, columns);
        if (classified.IsFiltered)
        {
            var why =
                record.Value is null ? "a null value, and the feed has no id"
                    : $"where: {feed.Definition.Where?.Text}";
            return Ended(steps, Outcome.Filtered, null, $"filtered: {why}");
        }

        if (classified.IsQuarantined)
        {
            return Ended(steps, Outcome.Quarantined, classified.Reason, classified.Detail!);
        }

        var slot = classified.Key!.SlotOf(feed.Definition.Slots);
        steps?.Add($"key: {Edge.ShownText.Quote(classified.Key.ToString())}, slot {slot}");
        if (classified.Id is not null)
        {
            var verb = classified.IsRetraction ? "retracts" : "sets";
            steps?.Add($"id: {verb} {Edge.ShownText.Quote(classified.Id)}");
        }

        return IsLate(record, classified, steps)
            ? Ended(steps, Outcome.Late, null,
                "late: older than the newest event time before it by more than late allows")
            : Fold(record, classified, steps);
    }

    private static SampledOutcome Ended(List<string>? steps, Outcome outcome, string? reason, string detail)
    {
        steps?.Add(detail);
        return new SampledOutcome(outcome, reason, detail);
    }

    private static string Describe(SampledRecord record) => string.Create(
        CultureInfo.InvariantCulture,
        $"record: {Size("key", record.Key)}, {Size("value", record.Value)}, {record.Headers.Count} headers, "
        + $"timestamp {Instant(record.Timestamp)}");

    private static string Size(string what, byte[]? bytes) =>
        bytes is null ? $"no {what}" : string.Create(CultureInfo.InvariantCulture, $"{what} of {bytes.Length} bytes");

    private static string Instant(long milliseconds) =>
        milliseconds is >= -62_135_596_800_000 and <= 253_402_300_799_999
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
                .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{milliseconds} ms");

    private bool IsLate(SampledRecord record, in Classified classified, List<string>? steps)
    {
        var partition = (record.Position.Topic, record.Position.Partition);
        var isKnown = newest.TryGetValue(partition, out var before);
        newest[partition] = isKnown ? Math.Max(before, classified.EventTime) : classified.EventTime;
        steps?.Add($"time: {Instant(classified.EventTime)}");
        return isKnown && feed.Definition.Late is { } late
            && before - classified.EventTime > (long)late.TotalMilliseconds;
    }

    private SampledOutcome Fold(SampledRecord record, in Classified classified, List<string>? steps)
    {
        var row = new Value[feed.Width];
        lane.CopyRow(columns, row);
        var block = new RowBlock
        {
            Offsets = [record.Position.Offset],
            EventTimes = [classified.EventTime],
            Timestamps = [record.Timestamp],
            Keys = [classified.Key!],
            Fields = row,
            Width = feed.Width,
            Ids = classified.Id is null ? null : [classified.Id],
            Retractions = classified.Id is null ? null : [classified.IsRetraction],
        };
        var state = states.GetValueOrDefault(classified.Key!) ?? feed.View.Create();
        var topics = feed.Definition.Topics;
        var topic = Enumerable.Range(0, topics.Count).First(index => topics[index] == record.Position.Topic);
        var change = default(FoldChange);
        var source = ViewProgram.SourceOf(topic, record.Position.Partition);
        if (!feed.View.TryApply(state, block, 0, source, ref change, out var reason, out var detail))
        {
            return Ended(steps, Outcome.Quarantined, reason, $"fold: {detail}");
        }

        states[classified.Key!] = state;
        steps?.Add($"fold: applied; from no state the view is {ViewOf(state)}");
        return new SampledOutcome(Outcome.Applied, null, null);
    }

    private string ViewOf(KeyState state)
    {
        var text = new ArrayBufferWriter<byte>();
        feed.View.WriteView(state, text);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
