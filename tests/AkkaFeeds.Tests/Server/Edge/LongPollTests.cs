using AkkaFeeds.Definitions.Files;
using AkkaFeeds.Server.Edge;
using AkkaFeeds.Telemetry;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

/// <summary>Long polls that are held have a limit, and who is beyond it is told so.</summary>
public sealed class LongPollTests
{
    [Fact]
    public async Task One_more_than_the_limit_is_told_when_to_come_back_and_who_does_not_wait_is_answered()
    {
        var process = new EdgeProcess { Options = new FeedsOptions { Limits = new LimitsOptions { LongPolls = 1 } } };
        await process.InitializeAsync();
        process.Reader.Set("ATL", 1, "{}");
        var held = process.GetAsync("/v1/feeds/flights/keys/NEW?after=e1.4-0-blank&wait=30s");
        await process.Reader.Waiting.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var metrics = process.Metrics.Clients;
        Assert.Equal(1, metrics.LongPolls);

        var refused = await process.GetAsync("/v1/feeds/flights/keys/ATL?after=e1.4-1&wait=30s");
        Assert.Equal("5", refused.Headers.GetValues("Retry-After").Single());
        Assert.Contains(
            "limits.longPolls", await EdgeProcess.ProblemAsync(refused, 503, "not-ready"), StringComparison.Ordinal);
        Assert.Equal(304, (int)(await process.GetAsync("/v1/feeds/flights/keys/ATL?after=e1.4-1")).StatusCode);

        process.Reader.Set("NEW", 1, "{}");
        Assert.Equal(200, (int)(await held).StatusCode);
        await process.DisposeAsync();
        Assert.Equal(0, metrics.LongPolls);
    }

    [Fact]
    public void A_place_is_given_back_once()
    {
        var metrics = new ClientMetrics();
        var polls = new LongPolls(1, metrics);
        var place = polls.Enter();
        Assert.Throws<ProblemException>(polls.Enter);
        place.Dispose();
        place.Dispose();
        Assert.Equal(0, metrics.LongPolls);
        polls.Enter().Dispose();
    }

    [Fact]
    public void At_zero_none_is_held() =>
        Assert.Throws<ProblemException>(new LongPolls(0, new ClientMetrics()).Enter);
}
