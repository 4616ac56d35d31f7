using AkkaFeeds.Contracts;
using AkkaFeeds.Server.Edge;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

public sealed class CachePolicyTests
{
    private const long Now = 1_764_000_100_000;
    private static readonly FreshnessStatus Stale = new(FreshnessState.Stale, "source-unreachable", Now);

    [Theory]
    [InlineData(30_000L, 0, "public, max-age=30")]
    [InlineData(30_000L, 12_500, "public, max-age=17")]
    [InlineData(30_000L, 29_001, "no-cache")]
    [InlineData(30_000L, 90_000, "no-cache")]
    [InlineData(30_000L, -5_000, "public, max-age=30")] // read by a clock that is ahead
    [InlineData(null, 0, "no-cache")]
    public void A_live_view_may_be_kept_for_what_is_left_of_the_promise(long? slo, long age, string expected) =>
        Assert.Equal(expected, CachePolicy.Of(slo, [Key(FreshnessStatus.Live)], Now, Now - age));

    [Fact]
    public void What_is_not_live_or_not_to_be_kept_is_asked_for_again()
    {
        Assert.Equal("no-cache", CachePolicy.Of(30_000, [Key(FreshnessStatus.Live), Key(Stale)], Now, Now));
        Assert.Equal("no-cache", CachePolicy.Of(30_000, [], Now, Now));
    }

    private static KeySnapshot Key(FreshnessStatus freshness) =>
        new("f", new KeyName("", "A"), "e1.1", 1, "{}"u8.ToArray(), Now - 500_000, [], freshness);
}
