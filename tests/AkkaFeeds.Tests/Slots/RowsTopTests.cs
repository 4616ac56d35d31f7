using AkkaFeeds.Contracts;
using AkkaFeeds.Slots;
using Xunit;

namespace AkkaFeeds.Tests.Slots;

public sealed class RowsTopTests
{
    [Theory]
    [InlineData(false, "c a")]
    [InlineData(true, "b a")]
    public void The_best_are_given_best_first_in_whatever_order_keys_are_offered(bool descending, string best)
    {
        string[] names = ["a", "b", "c", "d"];
        foreach (var order in new[] { names, [.. names.Reverse()], ["c", "a", "d", "b"] })
        {
            var top = new RowsTop<string>(new RowsQuery("", null, "x", descending, 2));
            foreach (var name in order)
            {
                top.Offer(name, name, SortOf(name));
            }

            Assert.Equal(4, top.Total);
            Assert.Equal(best.Split(' '), top.Take().Select(row => row.Key));
        }
    }

    [Fact]
    public void Fewer_keys_than_are_wanted_are_all_given()
    {
        var top = new RowsTop<string>(new RowsQuery("", null, null, Descending: false, 10));
        top.Offer("b", "b", Value.Absent);
        top.Offer("a", "a", Value.Absent);
        Assert.Equal(["a", "b"], top.Take().Select(row => row.Key));
        Assert.Equal(2, top.Total);
    }

    private static Value SortOf(string name) => name switch
    {
        "a" => Value.Of(2),
        "b" => Value.Of(3),
        "c" => Value.Of(1),
        _ => Value.Absent,
    };
}
