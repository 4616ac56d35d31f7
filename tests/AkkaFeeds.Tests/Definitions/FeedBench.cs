using Xunit;
using System.Buffers;
using System.Text;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions;
using AkkaFeeds.Definitions.Compilation;
using AkkaFeeds.Definitions.Decoding;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Tests.Definitions;

/// <summary>A feed on the table: records go in as text, states come out.</summary>
internal sealed class FeedBench
{
    private readonly TopicDecoder decoder;
    private readonly LaneProgram lane;
    private readonly Dictionary<KeyName, KeyState> states = [];

    public FeedBench(FeedDefinition definition, CompileLimits? limits = null)
    {
        var errors = new List<DefinitionError>();
        Feed = CompiledFeed.Compile(definition, "test.yaml", limits ?? new CompileLimits(), errors)!;
        Assert.Empty(errors);
        decoder = TopicDecoder.Create([Feed]);
        lane = new LaneProgram(Feed, decoder);
    }

    public CompiledFeed Feed { get; }

    public FoldChange LastChange { get; private set; }

    public static SourceText Text(string text, string field = "f") => new(text, field, 1, 1);

    public static FeedDefinition Define(params (string Name, string Expression)[] view) => new()
    {
        Name = "test",
        Topics = ["t"],
        View = [.. view.Select(
            field => new KeyValuePair<string, SourceText>(field.Name, Text(field.Expression, field.Name)))],
    };

    public static List<DefinitionError> ErrorsOf(FeedDefinition definition)
    {
        var errors = new List<DefinitionError>();
        var feed = CompiledFeed.Compile(definition, "test.yaml", new CompileLimits(), errors);
        Assert.Equal(errors.Count > 0, feed is null);
        return errors;
    }

    /// <summary>Folds a record; its outcome as <c>applied</c>, <c>filtered</c>, or the reason.</summary>
    public string Add(
        string? value, string? key = "k", long offset = 0, long timestamp = 1000, int partition = 0, int topic = 0,
        Dictionary<string, string>? headers = null, bool watched = false)
    {
        var record = new RecordFacts
        {
            Key = key is null ? default : Encoding.UTF8.GetBytes(key),
            HasKey = key is not null,
            Value = value is null ? default : Encoding.UTF8.GetBytes(value),
            HasValue = value is not null,
            Timestamp = timestamp,
            Topic = Feed.Definition.Topics[topic],
            Partition = partition,
            Offset = offset,
            Headers = headers is null ? null : new MapHeaders(headers),
        };
        var columns = new Value[decoder.Width];
        if (!decoder.TryDecode(record, columns, out var problem))
        {
            Assert.NotNull(problem);
            return Reasons.Decode;
        }

        var classified = lane.Classify(record, columns);
        if (!classified.IsRow)
        {
            return classified.Reason ?? "filtered";
        }

        var block = RowOf(classified, columns, record);
        if (!states.TryGetValue(classified.Key!, out var state))
        {
            state = Feed.View.Create();
        }

        var change = new FoldChange { IsWatched = watched, Members = watched ? [] : null };
        var before = Encode(state);
        if (!Feed.View.TryApply(
            state, block, 0, ViewProgram.SourceOf(topic, partition), ref change, out var reason, out var detail))
        {
            Assert.NotEmpty(detail);
            Assert.Equal(before, Encode(state));
            return reason;
        }

        LastChange = change;
        states[classified.Key!] = state;
        return "applied";
    }

    public string View(string key = "k", string tenant = "") => ViewOf(states[new KeyName(tenant, key)]);

    public KeyState State(string key = "k") => states[new KeyName("", key)];

    public byte[] Encode(KeyState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Feed.View.Encode(state, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    public string ViewOf(KeyState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Feed.View.WriteView(state, buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Encodes and decodes all states.</summary>
    public void PassThroughBytes()
    {
        foreach (var (key, state) in states.ToList())
        {
            states[key] = Feed.View.Decode(Encode(state));
        }
    }

    /// <summary>Rows of one key.</summary>
    public static RowBlock Block(int count, Func<int, Value[]> fields) => new()
    {
        Offsets = [.. Enumerable.Range(0, count).Select(index => (long)index)],
        EventTimes = [.. Enumerable.Range(0, count).Select(index => (long)index)],
        Timestamps = [.. Enumerable.Range(0, count).Select(index => (long)index)],
        Keys = [.. Enumerable.Repeat(new KeyName("", "k"), count)],
        Fields = [.. Enumerable.Range(0, count).SelectMany(fields)],
        Width = fields(0).Length,
    };

    private RowBlock RowOf(Classified classified, Value[] columns, RecordFacts record)
    {
        var row = new Value[Feed.Width];
        lane.CopyRow(columns, row);
        return new RowBlock
        {
            Offsets = [record.Offset],
            EventTimes = [classified.EventTime],
            Timestamps = [record.Timestamp],
            Keys = [classified.Key!],
            Fields = row,
            Width = Feed.Width,
        };
    }

    private sealed class MapHeaders(Dictionary<string, string> headers) : IRecordHeaders
    {
        public bool TryGetLast(string name, out ReadOnlySpan<byte> value)
        {
            var found = headers.TryGetValue(name, out var text);
            value = Encoding.UTF8.GetBytes(text ?? "");
            return found;
        }
    }
}
