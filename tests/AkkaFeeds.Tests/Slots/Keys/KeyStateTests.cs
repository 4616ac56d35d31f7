using AkkaFeeds.Definitions;
using AkkaFeeds.Definitions.Compilation;
using AkkaFeeds.Slots.Keys;
using AkkaFeeds.Tests.Definitions;
using CsCheck;
using Xunit;

namespace AkkaFeeds.Tests.Slots.Keys;

public class KeyStateTests
{
    private static readonly FeedDefinition Everything = FeedBench.Define(
        ("n", "count()"), ("c", "count(x > 2)"), ("s", "sum(x)"), ("a", "avg(x)"), ("lo", "min(x)"), ("hi", "max(x)"),
        ("tlo", "min(t)"),
        ("f", "first(v)"), ("l", "last({v, t})"), ("d", "distinct(v)"), ("top", "top(t, 2)"), ("w", "top(t, 2, x)"),
        ("wh", "where(x > 0, sum(x))"), ("rate", "c / n"), ("*", "last(*)")) with { Time = FeedBench.Text("at") };

    private static readonly Gen<string> Values = Gen.Select(
        Gen.OneOf("1", "2", "3", "1.0", "2.5", "0.1", "-0.0", "-3", "1e20", "9007199254740993", "null"),
        Gen.OneOf("\"a\"", "\"b\"", "\"ü\"", "null"),
        Gen.OneOf("1", "\"a\"", "{\"p\":null,\"q\":1}", "[null]", "true", "null", "1.0"),
        Gen.Int[0, 5],
        (x, t, v, at) => $$"""{"x":{{x}},"t":{{t}},"v":{{v}},"at":{{at}}}""");

    [Fact]
    public void Any_mixture_of_partitions_gives_the_same_state() => Gen.Select(Values.Array[0, 30], Gen.Int)
        .Sample((records, seed) =>
    {
        // Each record keeps its partition and offset; only how the partitions are mixed differs.
        var placed = records.Select((value, index) => (value, partition: index % 3, offset: (long)(index / 3)))
            .ToList();
        var random = new Random(seed);
        var queues = placed.GroupBy(record => record.partition).Select(group => new Queue<(string, int, long)>(group))
            .ToList();
        var mixed = new List<(string Value, int Partition, long Offset)>();
        while (queues.RemoveAll(queue => queue.Count == 0) >= 0 && queues.Count > 0)
        {
            mixed.Add(queues[random.Next(queues.Count)].Dequeue());
        }

        var left = Fold(placed.Select(record => (record.value, record.partition, record.offset)));
        var right = Fold(mixed);
        if (records.Length > 0)
        {
            Assert.Equal(left.View(), right.View());
            Assert.Equal(WithoutVersion(left), WithoutVersion(right));
        }
    });

    [Fact]
    public void Through_its_bytes_a_state_goes_on_as_it_would_have() =>
        Gen.Select(Values.Array[1, 20], Gen.Int[0, 20]).Sample((records, cut) =>
    {
        var whole = new FeedBench(Everything);
        var parted = new FeedBench(Everything);
        for (var index = 0; index < records.Length; index++)
        {
            if (index == cut)
            {
                parted.PassThroughBytes();
            }

            whole.Add(records[index], offset: index, partition: index % 2);
            parted.Add(records[index], offset: index, partition: index % 2);
        }

        Assert.Equal(whole.Encode(whole.State()), parted.Encode(parted.State()));
        Assert.Equal(whole.View(), parted.View());
    });

    [Fact]
    public void A_refused_row_leaves_bytes_and_view_as_they_were() => Gen.Select(
        Gen.OneOf("1", "\"s\"", "true", "{}", "9223372036854775807", "1e308", "null"),
        Gen.OneOf("1", "\"s\"", "[]", "0.5"), (x, t) => (x, t))
        .Array[1, 30].Sample(rows =>
        {
            // The bench compares the bytes around each refusal.
            var bench = new FeedBench(FeedBench.Define(
                ("n", "count()"), ("d", "distinct(t)"), ("top", "top(t, 2)"), ("l", "last(t)"), ("a", "avg(x)"),
                ("hi", "max(t)"), ("s", "sum(x)"), ("twice", "s * 2"), ("w", "top(t, 1, x)")));
            var outcomes = rows
                .Select((row, index) => bench.Add($$"""{"x":{{row.x}},"t":{{row.t}}}""", offset: index))
                .ToList();
            Assert.All(outcomes, outcome => Assert.Contains(outcome, (string[])["applied", "type", "overflow"]));
        });

    [Fact]
    public void The_version_counts_changes_that_show()
    {
        var bench = new FeedBench(FeedBench.Define(("hi", "max(x)"), ("mean", "avg(x)")));
        bench.Add("""{"y":1}""", offset: 0);
        Assert.Equal(1, bench.State().Version);
        bench.Add("""{"x":3}""", offset: 1);
        Assert.Equal(2, bench.State().Version);
        bench.Add("""{"x":3}""", offset: 2);
        Assert.Equal(2, bench.State().Version);
        bench.Add("""{"x":1}""", offset: 3);
        Assert.Equal(3, bench.State().Version);
        Assert.Equal((0, 3L), bench.State().PositionAt(0));
    }

    [Fact]
    public void A_watched_fold_names_the_fields_and_members_that_changed()
    {
        var bench = new FeedBench(FeedBench.Define(
            ("n", "count(x > 5)"), ("hi", "max(x)"), ("top", "top(s, 1)"), ("l", "last({x, s})"), ("r", "hi * n")));
        bench.Add("""{"x":9,"s":"b"}""", offset: 0, watched: true);
        bench.Add("""{"x":2,"s":"a"}""", offset: 1, watched: true);
        Assert.Equal(["top", "l"], Enumerable.Range(0, 5).Where(bench.LastChange.Fields.Contains)
            .Select(field => bench.Feed.View.Fields[field].Name));
        Assert.Equal(
            [new ChangedMember(2, "a"), new ChangedMember(2, "b"), new ChangedMember(3, "x"),
                new ChangedMember(3, "s")],
            bench.LastChange.Members!);
        bench.Add("""{"x":12,"s":"a"}""", offset: 2, watched: true);
        Assert.Equal(["n", "hi", "top", "l", "r"], Enumerable.Range(0, 5).Where(bench.LastChange.Fields.Contains)
            .Select(field => bench.Feed.View.Fields[field].Name));
    }

    [Fact]
    public void Bytes_of_an_unknown_form_are_refused_by_name()
    {
        var bench = Fold([("""{"x":1,"at":1}""", 0, 0)]);
        var bytes = bench.Encode(bench.State());
        bytes[0] = 9;
        var refusal = Assert.Throws<InvalidDataException>(() => bench.Feed.View.Decode(bytes));
        Assert.Contains("form 9", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_bytes_are_refused_and_nothing_else_happens()
    {
        var bench = Fold([
            ("""{"x":1.5,"t":"a","v":{"b":1},"at":1}""", 0, 0), ("""{"x":1,"t":"b","v":"c","at":1}""", 0, 1)]);
        var bytes = bench.Encode(bench.State());
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => bench.Feed.View.Decode(bytes.AsSpan(0, length)));
        }

        Gen.Select(Gen.Int[1, bytes.Length - 1], Gen.Byte).Sample((at, value) =>
        {
            var damaged = bytes.ToArray();
            damaged[at] = value;
            try
            {
                bench.Feed.View.Decode(damaged);
            }
            catch (InvalidDataException)
            {
                // The other outcome: other bytes, another state.
            }
        });
    }

    [Fact]
    public void The_bound_of_the_bytes_holds() => Values.Array[1, 40].Sample(records =>
    {
        var bench = Fold(records.Select((value, index) => (value, index % 3, (long)index)));
        Assert.True(bench.Feed.View.EncodedBytes(bench.State()) + 256 >= bench.Encode(bench.State()).Length);
        var decoded = bench.Feed.View.Decode(bench.Encode(bench.State()));
        Assert.Equal(bench.Feed.View.EncodedBytes(bench.State()), bench.Feed.View.EncodedBytes(decoded));
    });

    [Fact]
    public void A_fold_of_numbers_allocates_nothing()
    {
        var bench = new FeedBench(FeedBench.Define(
            ("n", "count()"), ("late", "count(x > 2)"), ("s", "sum(x)"), ("a", "avg(x)"), ("hi", "max(x)"),
            ("sd", "sum(y)")));
        bench.Add("""{"x":1,"y":0.5}""");
        var state = bench.State();
        var block = FeedBench.Block(
            1000, index => [AkkaFeeds.Contracts.Value.Of((long)index), AkkaFeeds.Contracts.Value.Of(index + 0.5)]);
        var change = default(FoldChange);
        Apply(0, 500);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Apply(500, 1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Apply(int from, int to)
        {
            for (var row = from; row < to; row++)
            {
                Assert.True(
                    bench.Feed.View.TryApply(state, block, row, ViewProgram.SourceOf(0, 0), ref change, out _, out _));
            }
        }
    }

    private static FeedBench Fold(IEnumerable<(string Value, int Partition, long Offset)> records)
    {
        var bench = new FeedBench(Everything);
        foreach (var (value, partition, offset) in records)
        {
            Assert.Equal("applied", bench.Add(value, offset: offset, partition: partition));
        }

        return bench;
    }

    // The version counts what showed, which depends on the mixture; all behind it must not.
    private static byte[] WithoutVersion(FeedBench bench)
    {
        bench.State().Version = 0;
        return bench.Encode(bench.State());
    }
}
