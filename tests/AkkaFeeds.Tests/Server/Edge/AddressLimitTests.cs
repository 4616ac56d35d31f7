using System.Net;
using AkkaFeeds.Server.Edge.Streams;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

/// <summary>Streams are counted by where they come from.</summary>
public sealed class AddressLimitTests
{
    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void What_one_holder_can_have_is_one_address(string first, string second, bool isSame)
    {
        var limit = new AddressLimit(1);
        using var place = limit.TryEnter(IPAddress.Parse(first));
        Assert.NotNull(place);
        Assert.Equal(isSame, limit.TryEnter(IPAddress.Parse(second)) is null);
        Assert.Null(limit.TryEnter(IPAddress.Parse(first)));
    }

    [Fact]
    public void A_place_is_given_back_once_and_nothing_is_kept_of_who_has_gone()
    {
        var limit = new AddressLimit(2);
        var address = IPAddress.Parse("10.0.0.1");
        var places = new[] { limit.TryEnter(address)!, limit.TryEnter(address)! };
        Assert.Null(limit.TryEnter(address));
        places[0].Dispose();
        places[0].Dispose();
        using (var again = limit.TryEnter(address))
        {
            Assert.NotNull(again);
            Assert.Null(limit.TryEnter(address));
        }

        places[1].Dispose();
        Assert.Equal(0, limit.Addresses);
    }

    [Fact]
    public void Nothing_is_counted_without_a_limit_or_an_address()
    {
        var none = new AddressLimit(0);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.NotNull(none.TryEnter(IPAddress.Loopback)));
        Assert.Equal(0, none.Addresses);
        Assert.NotNull(new AddressLimit(1).TryEnter(null));
        Assert.NotNull(new AddressLimit(1).TryEnter(null));
    }
}
