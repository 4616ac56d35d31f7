using AkkaFeeds.Server.Cli.Sampling;
using CsCheck;
using Xunit;

namespace AkkaFeeds.Tests.Server.Cli;

public sealed class FairSharesTests
{
    [Fact]
    public void A_partition_that_holds_everything_is_sampled_whole()
    {
        Assert.Equal([0, 90, 0], FairShares.Of(90, [0, 300, 0]));
        Assert.Equal([5, 43, 42], FairShares.Of(90, [5, 300, 300]));
    }

    [Fact]
    public void Shares_are_all_that_is_wanted_or_all_there_is_and_as_even_as_can_be()
    {
        Gen.Select(Gen.Long[0, 1000], Gen.Long[0, 200].Array[0, 12]).Sample((wanted, available) =>
        {
            var shares = FairShares.Of(wanted, available);
            var most = shares.DefaultIfEmpty(0).Max();

            var pairs = shares.Zip(available, (share, has) => (Share: share, Has: has)).ToList();

            return shares.Sum() == Math.Min(wanted, available.Sum())
                && pairs.TrueForAll(pair => pair.Share <= pair.Has)
                && pairs.TrueForAll(pair => pair.Share == pair.Has || pair.Share >= most - 1);
        });
    }
}
