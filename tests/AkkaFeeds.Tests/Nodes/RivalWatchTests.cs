using AkkaFeeds.Nodes;
using AkkaFeeds.Store;
using Xunit;

namespace AkkaFeeds.Tests.Nodes;

public sealed class RivalWatchTests
{
    private static readonly StoreNode A = new("a", "a#1");
    private static readonly StoreNode B = new("b", "b#1");
    private static readonly StoreNode C = new("c", "b#1");

    private readonly RivalWatch watch = new();

    [Fact]
    public void The_smaller_cluster_gives_way_when_it_has_lasted()
    {
        Assert.Null(Take(A, ["a"], 0, A, B, C));
        Assert.Null(Take(A, ["a"], 7, A, B, C));
        Assert.Equal(B, Take(A, ["a"], 8, A, B, C));
    }

    [Fact]
    public void The_larger_cluster_stays()
    {
        Assert.Null(Take(B, ["b", "c"], 0, A, B, C));
        Assert.Null(Take(B, ["b", "c"], 60, A, B, C));
    }

    [Fact]
    public void Of_two_equal_ones_exactly_one_gives_way()
    {
        var other = new RivalWatch();
        Take(A, ["a"], 0, A, B);
        other.Take(B, new HashSet<string> { "b" }, [A, B], TimeSpan.Zero);
        var first = Take(A, ["a"], 8, A, B);
        var second = other.Take(B, new HashSet<string> { "b" }, [A, B], TimeSpan.FromSeconds(8));
        Assert.True(first is null != (second is null));
    }

    [Fact]
    public void A_member_that_calls_the_cluster_by_a_former_oldest_node_is_no_rival()
    {
        var late = C with { Cluster = "gone#1" };
        Assert.Null(Take(B, ["b", "c"], 0, B, late));
        Assert.Null(Take(B, ["b", "c"], 60, B, late));
    }

    [Fact]
    public void A_node_that_has_gone_meanwhile_is_forgotten()
    {
        Take(A, ["a"], 0, A, B, C);
        Assert.Null(Take(A, ["a"], 4, A));
        Assert.Null(Take(A, ["a"], 9, A, B, C));
        watch.Forget();
        Assert.Null(Take(A, ["a"], 30, A, B, C));
    }

    private StoreNode? Take(StoreNode self, string[] members, int seconds, params StoreNode[] seen) =>
        watch.Take(self, members.ToHashSet(), seen, TimeSpan.FromSeconds(seconds));
}
