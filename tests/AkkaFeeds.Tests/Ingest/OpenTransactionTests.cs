using AkkaFeeds.Ingest;
using Xunit;

namespace AkkaFeeds.Tests.Ingest;

public sealed class OpenTransactionTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeMilliseconds(1_764_000_000_000);

    [Fact]
    public void One_that_stays_open_is_known_since_it_was_seen_first()
    {
        var transaction = new OpenTransaction();
        transaction.On(10, 10, Start);
        Assert.Null(transaction.Since);
        transaction.On(10, 12, Start.AddSeconds(1));
        transaction.On(10, 15, Start.AddSeconds(2));
        Assert.Equal(Start.AddSeconds(1), transaction.Since);
        transaction.On(16, 16, Start.AddSeconds(3));
        Assert.Null(transaction.Since);
    }

    [Fact]
    public void Short_ones_behind_each_other_are_no_long_one()
    {
        var transaction = new OpenTransaction();
        for (var second = 1; second < 10; second++)
        {
            transaction.On(10 * second, (10 * second) + 2, Start.AddSeconds(second));
            Assert.Equal(Start.AddSeconds(second), transaction.Since);
        }
    }
}
