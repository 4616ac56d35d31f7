using AkkaFeeds.Definitions.Aggregates;
using Xunit;

namespace AkkaFeeds.Tests.Definitions.Aggregates;

public class DistinctTests
{
    [Fact]
    public void It_is_exact_below_a_thousand()
    {
        var bench = new FeedBench(FeedBench.Define(("d", "distinct(x)")));
        for (var index = 0; index < 2 * 999; index++)
        {
            bench.Add($$"""{"x":"v{{index % 999}}"}""", offset: index);
        }

        Assert.Equal("""{"d":999}""", bench.View());
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(20_000)]
    [InlineData(1_000_000)]
    public void Beyond_it_is_within_three_standard_errors(int count)
    {
        var sketch =
            HyperLogLog.Of(Enumerable.Range(0, count).Select(index => ValueHash.Of(Contracts.Value.Of((long)index))));
        Assert.InRange(sketch.Estimate(), count * 0.975, count * 1.025);
    }

    [Fact]
    public void The_step_from_set_to_sketch_is_taken_back_when_its_row_fails()
    {
        var bench = new FeedBench(FeedBench.Define(("d", "distinct(x)"), ("s", "sum(y)")));
        for (var index = 0; index < 999; index++)
        {
            bench.Add($$"""{"x":{{index}}}""", offset: index);
        }

        Assert.Equal("type", bench.Add("""{"x":999,"y":"bad"}""", offset: 999));
        Assert.Equal("""{"d":999,"s":0}""", bench.View());
        Assert.Equal("applied", bench.Add("""{"x":999,"y":1}""", offset: 1000));
        Assert.Equal("type", bench.Add("""{"x":1000,"y":"bad"}""", offset: 1001));
        Assert.Equal(bench.View(), bench.ViewOf(bench.Feed.View.Decode(bench.Encode(bench.State()))));
    }
}
