using AkkaFeeds.Server.Edge.GraphQl;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

/// <summary>A result is shared by those who ask alike, and by nobody else.</summary>
public sealed class SharedResultsTests
{
    private static readonly ShownKey Face = new("K", "e", 1, "live", null, 5, null, null);
    private static readonly SharedResults.Name Asked = new("{ n }", "", "f", Face);

    [Fact]
    public void A_result_is_found_by_all_that_it_depends_on()
    {
        var results = new SharedResults();
        results.Add(Asked, [1]);
        Assert.Equal([1], results.Find(Asked with { Face = Face with { Key = "K" } }));
        Assert.All(
            [
                Asked with { Selection = "{ s }" },
                Asked with { Tenant = "t" },
                Asked with { Feed = "g" },
                Asked with { Face = Face with { Key = "L" } },
                Asked with { Face = Face with { Epoch = "e2" } },
                Asked with { Face = Face with { Version = 2 } },
                Asked with { Face = Face with { State = "stale" } },
                Asked with { Face = Face with { Reason = "lag" } },
                Asked with { Face = Face with { At = 6 } },
                Asked with { Face = Face with { Cause = "reset" } },
            ],
            other => Assert.Null(results.Find(other)));
    }

    [Fact]
    public void What_is_kept_stays_within_its_bytes_and_the_newest_of_it_are_found()
    {
        var results = new SharedResults(bytesMax: 4_000);
        for (var version = 1; version <= 100; version++)
        {
            results.Add(Asked with { Face = Face with { Version = version } }, new byte[190]);
        }

        var found = Enumerable.Range(1, 100)
            .Where(version => results.Find(Asked with { Face = Face with { Version = version } }) is not null)
            .ToList();
        Assert.InRange(found.Count, 5, 10);
        Assert.Equal(Enumerable.Range(101 - found.Count, found.Count), found);
    }

    [Fact]
    public void A_result_larger_than_all_that_is_kept_is_found_until_the_next_one_comes()
    {
        var results = new SharedResults(bytesMax: 10);
        results.Add(Asked, new byte[100]);
        Assert.NotNull(results.Find(Asked));
        results.Add(Asked with { Feed = "g" }, [1]);
        results.Add(Asked with { Feed = "h" }, new byte[10]);
        Assert.Null(results.Find(Asked));
    }
}
