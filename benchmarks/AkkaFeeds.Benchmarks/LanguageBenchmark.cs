using System.Buffers;
using System.Text;
using System.Text.Json;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions;
using AkkaFeeds.Definitions.Compilation;
using AkkaFeeds.Definitions.Decoding;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Benchmarks;

/// <summary>Decoding, classification, folding and encoding of flights, each alone and then in a row.</summary>
internal static class LanguageBenchmark
{
    private const int Records = 100_000;

    private static readonly (string, string)[] View =
    [
        ("departures", "count()"), ("delayed", "count(delay > 15)"), ("delayRate", "delayed / departures"),
        ("meanDelay", "avg(delay)"), ("worst", "max(delay)"), ("total", "sum(distance)"),
    ];

    public static void Run()
    {
        var records = MakeRecords();
        var feed = Compile(View);
        Decoding(records, feed);
        Conditions();
        Folds(records, feed, "5 aggregates", 300);
        Folds(records, feed, "5 aggregates", Records);
        Folds(records, Compile([.. View, ("last", "last({date, destination, delay})")]),
            "5 aggregates + last({3 fields})", 300);
        Folds(records, Compile([.. View, ("routes", "top(destination, 5)")]), "5 aggregates + top", 300);
        Bytes(records, feed);
    }

    private static byte[][] MakeRecords()
    {
        var random = new Random(1);
        var places = Enumerable.Range(0, 229)
            .Select(index => $"{(char)('A' + (index % 26))}{(char)('A' + (index / 26))}X").ToArray();
        return [.. Enumerable.Range(0, Records).Select(index =>
        {
            var date = new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(index * 5);
            date = date.AddSeconds(-date.Second);
            return Encoding.UTF8.GetBytes(
                $$"""{"date":"{{date:yyyy-MM-ddTHH:mm:ss.fff}}Z","delay":{{random.Next(-10, 90)}},"distance":{{random.Next(50, 3000)}},"origin":"{{places[random.Next(places.Length)]}}","destination":"{{places[random.Next(places.Length)]}}","flight":{{random.Next(1, 9999)}}}""");
        })];
    }

    private static CompiledFeed Compile(IEnumerable<(string Name, string Text)> view)
    {
        static SourceText Text(string text) => new(text, "", 0, 0);
        var errors = new List<DefinitionError>();
        var definition = new FeedDefinition
        {
            Name = "flights",
            Topics = ["flights"],
            Key = Text("origin"),
            Time = Text("date"),
            Where = Text("distance > 0"),
            View = [.. view.Select(field => new KeyValuePair<string, SourceText>(field.Name, Text(field.Text)))],
        };
        return CompiledFeed.Compile(definition, "benchmark", new CompileLimits(), errors)
            ?? throw new InvalidOperationException(string.Join("; ", errors));
    }

    private static void Decoding(byte[][] records, CompiledFeed feed)
    {
        var five = TopicDecoder.Create(
            [Compile([("a", "max(delay)"), ("b", "max(distance)"), ("c", "distinct(destination)")])]);
        var values = new Value[16];
        Measure.Print("Utf8JsonReader, all tokens", Records, () =>
        {
            foreach (var record in records)
            {
                var reader = new Utf8JsonReader(record);
                while (reader.Read())
                {
                }
            }
        });
        Measure.Print("decode: date, delay, distance, origin, destination", Records, () =>
        {
            foreach (var record in records)
            {
                five.TryDecode(new RecordFacts { Value = record, HasValue = true, Topic = "flights" },
                    values.AsSpan(0, five.Width), out _);
            }
        });
        var decoder = TopicDecoder.Create([feed]);
        var lane = new LaneProgram(feed, decoder);
        var row = new Value[feed.Width];
        Measure.Print("decode, where, key, time, row", Records, () =>
        {
            foreach (var record in records)
            {
                var facts = new RecordFacts { Value = record, HasValue = true, Topic = "flights" };
                decoder.TryDecode(facts, values.AsSpan(0, decoder.Width), out _);
                lane.Classify(facts, values.AsSpan(0, decoder.Width));
                lane.CopyRow(values, row);
            }
        });
    }

    private static void Conditions()
    {
        foreach (var (name, text) in ((string, string)[])
            [("count()", "count()"), ("count(delay > 15)", "count(delay > 15)"),
                ("count(delay > 15 && distance < 900.5)", "count(delay > 15 && distance < 900.5)")])
        {
            var feed = Compile([("v", text)]);
            var block = BlockOf(Records, 1, feed, index => Value.Of((long)(index & 63)));
            var state = feed.View.Create();
            Measure.Print($"fold of one field: {name}", Records, () => Fold(feed, block, [state]));
        }
    }

    private static void Folds(byte[][] records, CompiledFeed feed, string name, int keys)
    {
        var decoder = TopicDecoder.Create([feed]);
        var lane = new LaneProgram(feed, decoder);
        var values = new Value[decoder.Width];
        var row = new Value[feed.Width];
        var rows = records.Select(record =>
        {
            decoder.TryDecode(new RecordFacts { Value = record, HasValue = true, Topic = "flights" }, values, out _);
            lane.CopyRow(values, row);
            return row.ToArray();
        }).ToArray();
        var block = new RowBlock
        {
            Offsets = [.. Enumerable.Range(0, Records).Select(index => (long)index)],
            EventTimes = [.. Enumerable.Range(0, Records).Select(index => (long)index)],
            Timestamps = [.. Enumerable.Range(0, Records).Select(index => (long)index)],
            Keys = [.. Enumerable.Repeat(new KeyName("", "k"), Records)],
            Fields = [.. rows.SelectMany(fields => fields)],
            Width = feed.Width,
        };
        var states = Enumerable.Range(0, keys).Select(_ => feed.View.Create()).ToArray();
        new Random(2).Shuffle(states);
        Measure.Print($"fold: {name}, {keys} keys", Records, () => Fold(feed, block, states));
    }

    private static RowBlock BlockOf(int count, int width, CompiledFeed feed, Func<int, Value> value) => new()
    {
        Offsets = [.. Enumerable.Range(0, count).Select(index => (long)index)],
        EventTimes = new long[count],
        Timestamps = new long[count],
        Keys = [.. Enumerable.Repeat(new KeyName("", "k"), count)],
        Fields = [.. Enumerable.Range(0, count * Math.Max(width, feed.Width)).Select(value)],
        Width = feed.Width,
    };

    private static void Fold(CompiledFeed feed, RowBlock block, KeyState[] states)
    {
        var change = default(FoldChange);
        for (var row = 0; row < block.Count; row++)
        {
            // Neighbouring rows meet keys that lie far apart.
            var state = states[(int)((uint)(row * 7919) % (uint)states.Length)];
            if (!feed.View.TryApply(state, block, row, 0, ref change, out var reason, out var detail))
            {
                throw new InvalidOperationException($"{reason}: {detail}");
            }
        }
    }

    private static void Bytes(byte[][] records, CompiledFeed feed)
    {
        var state = feed.View.Create();
        var decoder = TopicDecoder.Create([feed]);
        var values = new Value[decoder.Width];
        decoder.TryDecode(new RecordFacts { Value = records[0], HasValue = true, Topic = "flights" }, values, out _);
        var buffer = new ArrayBufferWriter<byte>(4096);
        Measure.Print("encode a key of 5 aggregates", 1000, () =>
        {
            for (var index = 0; index < 1000; index++)
            {
                buffer.ResetWrittenCount();
                feed.View.Encode(state, buffer);
            }
        });
        var bytes = buffer.WrittenSpan.ToArray();
        Measure.Print("decode a key of 5 aggregates", 1000, () =>
        {
            for (var index = 0; index < 1000; index++)
            {
                feed.View.Decode(bytes);
            }
        });
        Measure.Print("its view as JSON", 1000, () =>
        {
            for (var index = 0; index < 1000; index++)
            {
                buffer.ResetWrittenCount();
                feed.View.WriteView(state, buffer);
            }
        });
    }
}
