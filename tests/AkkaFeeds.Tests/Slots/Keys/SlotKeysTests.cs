using System.Buffers;
using AkkaFeeds.Contracts;
using AkkaFeeds.Slots;
using AkkaFeeds.Slots.Keys;
using AkkaFeeds.Tests.Definitions;
using CsCheck;
using Xunit;

namespace AkkaFeeds.Tests.Slots.Keys;

/// <summary>A slot's keys against a dictionary, whatever is packed, made durable and recovered meanwhile.</summary>
public class SlotKeysTests
{
    private static readonly string[] Names = ["a", "b", "ü", "\u4e2d", "a/b", "long-name-of-a-key"];

    private static readonly Gen<(int Kind, int Key, int Number)> Steps =
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, Names.Length - 1], Gen.Int[1, 50], (kind, key, number) =>
            (kind, key, number));

    [Fact]
    public void Keys_are_the_same_live_packed_and_recovered() => Steps.Array[0, 60].Sample(steps =>
    {
        var view = new FeedBench(FeedBench.Define(("s", "sum(x)"))).Feed.View;
        var keys = new SlotKeys(view);
        var (sums, refused) = (new Dictionary<string, long>(), new Dictionary<string, long>());
        var durable = new ArrayBufferWriter<byte>();
        for (var step = 0; step < steps.Length; step++)
        {
            var (kind, key, number) = steps[step];
            var name = Names[key];
            switch (kind)
            {
                case < 5:
                    Assert.True(keys.TryFold(Row(name, Value.Of(number), step + 1), 0, 0, out _, out _));
                    sums[name] = sums.GetValueOrDefault(name) + number;
                    break;
                case 5:
                    Assert.False(keys.TryFold(Row(name, Value.Of("text"), step + 1), 0, 0, out var reason, out _));
                    Assert.Equal(Reasons.Type, reason);
                    refused.TryAdd(name, step + 1);
                    break;
                case 6 or 7:
                    keys.Cut(new KeyBytesWriter(durable));
                    break;
                case 8:
                    keys.PackQuiet();
                    break;
                default:
                    // The cut, and a slot that recovers from all that was ever cut.
                    keys.Cut(new KeyBytesWriter(durable));
                    keys = new SlotKeys(view);
                    KeyBytesWriter.Load(durable.WrittenSpan, keys);
                    break;
            }

            AssertSame(keys, sums, refused);
        }

        var whole = new ArrayBufferWriter<byte>();
        keys.CutWhole(new KeyBytesWriter(whole));
        var recovered = new SlotKeys(view);
        KeyBytesWriter.Load(whole.WrittenSpan, recovered);
        AssertSame(recovered, sums, refused);
    });

    [Theory]
    [InlineData(FreshnessState.Live, 1, 1, 1, 0, 0)]
    [InlineData(FreshnessState.Partial, 0, 2, 1, 0, 0)]
    [InlineData(FreshnessState.Stale, 0, 0, 1, 2, 0)]
    [InlineData(FreshnessState.Rebuilding, 0, 0, 0, 0, 3)]
    public void Keys_count_by_what_they_show_and_each_once(
        FreshnessState usual, int live, int partial, int blank, int stale, int rebuilding)
    {
        var keys = new SlotKeys(new FeedBench(FeedBench.Define(("s", "sum(x)"))).Feed.View);
        keys.TryFold(Row("a", Value.Of(1), 1), 0, 0, out _, out _);
        keys.TryFold(Row("b", Value.Of(1), 2), 0, 0, out _, out _);
        keys.TryFold(Row("b", Value.Of("text"), 3), 0, 0, out _, out _);
        keys.TryFold(Row("c", Value.Of("text"), 4), 0, 0, out _, out _);

        Assert.Equal(
            [live, partial, blank, stale, rebuilding],
            ((FreshnessState[])
                [
                    FreshnessState.Live, FreshnessState.Partial, FreshnessState.Blank, FreshnessState.Stale,
                    FreshnessState.Rebuilding,
                ]).Select(state => SlotViews.CountOf(state, usual, keys)));
    }

    [Theory]
    [InlineData("t", "", 2)]
    [InlineData("t", "ü", 1)]
    [InlineData("", "ü", 1)]
    [InlineData("u", "", 0)]
    public void A_filter_finds_packed_and_live_keys_alike(string tenant, string prefix, int expected)
    {
        var keys = new SlotKeys(new FeedBench(FeedBench.Define(("s", "sum(x)"))).Feed.View);
        foreach (var name in new[] { new KeyName("t", "üx"), new KeyName("t", "x"), new KeyName("", "ü") })
        {
            keys.TryFold(Row(name, Value.Of(1), 1), 0, 0, out _, out _);
        }

        var filter = new KeyFilter(tenant, prefix);
        Assert.Equal(expected, keys.All().Count(filter.Accepts));
        for (var cut = 0; cut < 5; cut++)
        {
            keys.PackQuiet();
        }

        Assert.All(keys.All(), entry => Assert.Null(entry.Live));
        Assert.Equal(expected, keys.All().Count(filter.Accepts));
    }

    private static void AssertSame(
        SlotKeys keys, Dictionary<string, long> sums, Dictionary<string, long> refused)
    {
        Assert.Equal(sums.Keys.Order(), keys.All().Select(entry => entry.Name.Key).Order());
        foreach (var name in Names)
        {
            var state = keys.Peek(new KeyName("", name));
            Assert.Equal(sums.TryGetValue(name, out var sum) ? sum : null, state?.Cells[0]);
            var missing = keys.QuarantinedSince(new KeyName("", name));
            Assert.Equal(refused.TryGetValue(name, out var since) ? since : null, missing);
        }

        Assert.Equal((sums.Count, sums.Keys.Count(refused.ContainsKey)), (keys.Made, keys.Partial));
    }

    private static RowBlock Row(string key, Value value, long timestamp) =>
        Row(new KeyName("", key), value, timestamp);

    private static RowBlock Row(KeyName key, Value value, long timestamp) => new()
    {
        Offsets = [timestamp],
        EventTimes = [timestamp],
        Timestamps = [timestamp],
        Keys = [key],
        Fields = [value],
        Width = 1,
    };
}
