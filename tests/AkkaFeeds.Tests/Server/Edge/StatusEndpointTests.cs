using System.Text.Json;
using AkkaFeeds.Contracts;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

public sealed class StatusEndpointTests(EdgeProcess process) : IClassFixture<EdgeProcess>
{
    private const long Seen = 1_764_000_005_000;

    [Fact]
    public async Task Clients_that_take_nothing_are_listed_the_slowest_first()
    {
        process.Status = StatusOf(FreshnessStatus.Live) with
        {
            Slow = 2,
            Slowest = [new("c1", "websocket", 12_000, ["flights", "raw"]), new("c2", "sse", 1_500, ["flights"])],
        };

        Assert.Equal(
            """{"connections":3,"subscriptions":7,"slow":2,"slowest":["""
            + """{"id":"c1","path":"websocket","waited":12000,"feeds":["flights","raw"]},"""
            + """{"id":"c2","path":"sse","waited":1500,"feeds":["flights"]}]}""",
            (await StatusAsync()).GetProperty("clients").GetRawText());
    }

    [Theory]
    [InlineData(FreshnessState.Partial, "quarantined", 1_763_000_000_000, 1_763_000_000_000)]
    [InlineData(FreshnessState.Partial, "lost-range", null, null)]
    [InlineData(FreshnessState.Stale, "store-down", 1_764_000_001_000, 1_764_000_001_000)]
    [InlineData(FreshnessState.Rebuilding, "recovering", null, Seen)]
    public async Task Since_is_when_the_cause_began_and_left_out_where_nobody_knows(
        FreshnessState state, string reason, long? known, long? told)
    {
        process.Status = StatusOf(new FreshnessStatus(state, reason, known));
        var status = await StatusAsync();
        Assert.Equal(reason, status.GetProperty("reason").GetString());
        Assert.Equal(told, status.TryGetProperty("since", out var since) ? since.GetInt64() : null);
    }

    private Task<JsonElement> StatusAsync() => process.JsonAsync("/v1/feeds/flights/status");

    private static FeedStatus StatusOf(FreshnessStatus state) => new(
        "127.0.0.1:4053", state, [new(state.State, state.Reason, Seen, Seen + 1)], [], [], [new("decode", 1)], 3, 7, 0,
        []);
}
