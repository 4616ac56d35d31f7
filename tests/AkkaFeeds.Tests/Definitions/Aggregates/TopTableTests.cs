using System.Diagnostics;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Aggregates;
using CsCheck;
using Xunit;

namespace AkkaFeeds.Tests.Definitions.Aggregates;

public class TopTableTests
{
    private static readonly Gen<(string Name, double Weight, bool Back)> Steps = Gen.Select(
        Gen.OneOf("a", "b", "c", "d", "e", "f", "\uff5e", "😀"),
        Gen.OneOf(Gen.Int[-3, 4].Select(whole => (double)whole), Gen.OneOf(0.5, -1.5)), Gen.Bool);

    [Fact]
    public void The_best_are_those_of_a_sort_after_any_steps() => Steps.Array[1, 40].Sample(steps =>
    {
        var table = new TopTable(3);
        var weights = new Dictionary<string, double>();
        foreach (var (name, weight, back) in steps)
        {
            var value = weight == Math.Floor(weight) ? Value.Of((long)weight) : Value.Of(weight);
            var shownBefore = Shown(table);
            var members = new List<string>();
            Assert.True(table.TryAdd(name, value, members, out var index, out var undo, out var shown));
            if (back)
            {
                table.TakeBack(index, undo, value);
                Assert.Equal(shownBefore, Shown(table));
            }
            else
            {
                weights[name] = weights.GetValueOrDefault(name) + weight;
                var shownAfter = Shown(table);
                Assert.Equal(!shownBefore.SequenceEqual(shownAfter), shown || Reordered(shownBefore, shownAfter));
                var changed = shownBefore.Except(shownAfter).Concat(shownAfter.Except(shownBefore))
                    .Select(pair => pair.Item1).Distinct();
                Assert.Equal(changed.Order(StringComparer.Ordinal), members.Distinct().Order(StringComparer.Ordinal));
            }

            var expected = weights.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, Utf8Order.Instance)
                .Take(3);
            Assert.Equal(expected.Select(pair => (pair.Key, pair.Value)), Shown(table));
        }
    });

    // The greatest work there may be: all items of the default limit, the most that are shown. Ranking all of them for
    // every step took a minute.
    [Theory]
    [InlineData(9_999, -20_000)]
    [InlineData(0, 20_000)]
    [InlineData(0, -1)]
    [InlineData(5_000, 0.5)]
    public void A_step_and_its_return_do_not_rank_all_items(int item, double weight)
    {
        var table = new TopTable(1_000);
        for (var index = 0; index < 10_000; index++)
        {
            table.TryAdd(Name(index), Value.Of((long)index), null, out _, out _, out _);
        }

        var value = weight == Math.Floor(weight) ? Value.Of((long)weight) : Value.Of(weight);
        var before = Shown(table);
        var clock = Stopwatch.StartNew();
        for (var turn = 0; turn < 1_000; turn++)
        {
            Assert.True(table.TryAdd(Name(item), value, null, out var place, out var undo, out _));
            table.TakeBack(place, undo, value);
        }

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal(before, Shown(table));
    }

    private static string Name(int index) => $"item{index:d5}";

    private static bool Reordered((string, double)[] before, (string, double)[] after) =>
        !before.SequenceEqual(after) && before.Order().SequenceEqual(after.Order());

    private static (string, double)[] Shown(TopTable table) =>
        [.. Enumerable.Range(0, table.BestCount).Select(rank =>
            (table.NameAt(rank), table.WeightAt(rank) is { IsLong: true } whole ? whole.AsLong
                : table.WeightAt(rank).AsDouble))];
}
