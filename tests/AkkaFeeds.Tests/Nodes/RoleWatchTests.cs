using AkkaFeeds.Nodes;
using Xunit;

namespace AkkaFeeds.Tests.Nodes;

/// <summary>A cluster that lacks a role says so, once, and says when it has it again.</summary>
public sealed class RoleWatchTests
{
    [Fact]
    public void A_missing_role_is_shown_at_once_and_logged_once_after_a_while_and_when_it_is_back()
    {
        var watch = new RoleWatch();
        var without = new HashSet<string> { "ingest", "edge" };
        Assert.Empty(watch.Take(without, TimeSpan.Zero));
        Assert.StartsWith("the cluster has no node of role state", watch.Missing, StringComparison.Ordinal);
        var (isWarning, text) = Assert.Single(watch.Take(without, RoleWatch.Grace));
        Assert.True(isWarning);
        Assert.Equal(watch.Missing, text);
        Assert.Empty(watch.Take(without, RoleWatch.Grace * 2));
        Assert.False(Assert.Single(watch.Take(new HashSet<string> { "ingest", "edge", "state" }, RoleWatch.Grace * 3))
            .IsWarning);
        Assert.Null(watch.Missing);
    }

    [Fact]
    public void A_role_that_comes_in_time_is_never_said_to_have_been_missing()
    {
        var watch = new RoleWatch();
        Assert.Empty(watch.Take(new HashSet<string>(), TimeSpan.Zero));
        Assert.Empty(watch.Take(new HashSet<string> { "ingest", "edge", "state" }, RoleWatch.Grace));
        Assert.Empty(watch.Take(new HashSet<string>(), RoleWatch.Grace + TimeSpan.FromSeconds(1)));
    }
}
