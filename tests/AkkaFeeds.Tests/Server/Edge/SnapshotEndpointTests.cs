using System.Net;
using AkkaFeeds.Contracts;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

public sealed class SnapshotEndpointTests(EdgeProcess process) : IClassFixture<EdgeProcess>
{
    [Fact]
    public async Task A_key_is_answered_as_the_snapshot_frame_without_op()
    {
        process.Reader.Set("ATL", 41, """{"departures":3,"delayRate":0.5}""");

        var response = await process.GetAsync("/v1/feeds/flights/keys/ATL");

        Assert.Equal(
            """{"feed":"flights","key":"ATL","epoch":"e1.4","version":41,"data":{"departures":3,"delayRate":0.5}"""
            + ""","state":"live","at":1764000000000,"pos":{"3":1234},"cause":"subscribe"}""",
            await response.Content.ReadAsStringAsync());
        Assert.Equal("\"e1.4-41\"", response.Headers.ETag?.Tag);
        Assert.Equal("1764000001000", response.Headers.GetValues("AkkaFeeds-Read").Single());
        Assert.True(long.Parse(response.Headers.GetValues("AkkaFeeds-Now").Single()) > 1764000000000);
    }

    [Fact]
    public async Task A_state_other_than_live_says_why_since_when_and_what_is_missing_and_is_in_the_tag()
    {
        process.Reader.Set("STL", 2, "{}", new FreshnessStatus(
            FreshnessState.Rebuilding, "recovering", 1763999999000, 0.4, ["flights/3"]));

        var response = await process.GetAsync("/v1/feeds/flights/keys/STL");

        Assert.Contains(
            ""","state":"rebuilding","reason":"recovering","since":1763999999000,"progress":0.4"""
            + ""","missing":["flights/3"],"at":""",
            await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("\"e1.4-2-rebuilding\"", response.Headers.ETag?.Tag);
    }

    [Fact]
    public async Task A_key_that_no_record_has_made_is_blank()
    {
        var json = await process.JsonAsync("/v1/feeds/flights/key?key=never%2Fmade");

        Assert.Equal(
            """{"feed":"flights","key":"never/made","epoch":"e1.4","version":0,"data":null,"state":"blank","at":0"""
            + ""","pos":{},"cause":"subscribe"}""",
            json.GetRawText());
    }

    [Fact]
    public async Task A_matching_tag_is_answered_304_with_the_clocks_and_without_a_body()
    {
        process.Reader.Set("ORD", 5, "{}");

        foreach (var tag in (string[])["\"e1.4-5\"", "W/\"e1.4-5\"", "\"other\", \"e1.4-5\"", "*"])
        {
            var response = await process.SendAsync(
                HttpMethod.Get, "/v1/feeds/flights/keys/ORD",
                request => request.Headers.TryAddWithoutValidation("If-None-Match", tag));

            Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
            Assert.Equal("\"e1.4-5\"", response.Headers.ETag?.Tag);
            Assert.True(response.Headers.Contains("AkkaFeeds-Now"));
            Assert.True(response.Headers.Contains("AkkaFeeds-Read"));
            Assert.Equal("", await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Another_tag_is_answered_whole()
    {
        process.Reader.Set("LAX", 5, "{}");

        var response = await process.SendAsync(
            HttpMethod.Get, "/v1/feeds/flights/keys/LAX",
            request => request.Headers.IfNoneMatch.ParseAdd("\"e1.4-4\""));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_long_poll_is_answered_when_the_key_changes()
    {
        using var own = new HttpClient();
        var process = new EdgeProcess();
        await process.InitializeAsync();
        process.Reader.Set("BOS", 1, "{}");
        process.Reader.Set("SFO", 1, "{}");
        var poll = process.GetAsync("/v1/feeds/flights/keys/XYZ?after=e1.4-0-blank&wait=20s");
        await process.Reader.Waiting.Task;
        Assert.False(poll.IsCompleted);

        process.Reader.Set("XYZ", 1, """{"departures":1}""");

        var response = await poll;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("\"e1.4-1\"", response.Headers.ETag?.Tag);
        Assert.Equal(TimeSpan.FromSeconds(20), process.Reader.Waits.Single());
        await process.DisposeAsync();
    }

    [Fact]
    public async Task A_long_poll_ends_when_the_process_stops()
    {
        var process = new EdgeProcess();
        await process.InitializeAsync();
        var poll = process.GetAsync("/v1/feeds/flights/keys/XYZ?after=e1.4-0-blank&wait=60s");
        await process.Reader.Waiting.Task;

        var stop = process.Host.StopAsync();

        await EdgeProcess.ProblemAsync(await poll, 503, "not-ready");
        await stop;
        process.Host.Dispose();
        process.Client.Dispose();
    }

    [Fact]
    public async Task A_poll_without_wait_is_answered_at_once_304_while_nothing_changed()
    {
        process.Reader.Set("DEN", 5, "{}");

        var same = await process.GetAsync("/v1/feeds/flights/keys/DEN?after=e1.4-5");
        var older = await process.GetAsync("/v1/feeds/flights/keys/DEN?after=e1.4-4");

        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Equal("\"e1.4-5\"", same.Headers.ETag?.Tag);
        Assert.Equal(HttpStatusCode.OK, older.StatusCode);
    }

    [Theory]
    [InlineData("after=%22e1.4-5%22", 400, "bad-frame", "between the quotes")]
    [InlineData("after=e1.4-x", 400, "bad-frame", "after")]
    [InlineData("after=e1.4-5&wait=20", 400, "bad-frame", "wait")]
    [InlineData("after=e1.4-5&wait=s", 400, "bad-frame", "wait")]
    [InlineData("after=e1.4-5&wait=61s", 429, "limit", "60s")]
    [InlineData("after=e1.4-5&wait=2m", 429, "limit", "60s")]
    [InlineData("after=e1.4-5&wait=99999999999999999999s", 429, "limit", "60s")]
    [InlineData("after=e1.4-5&after=e1.4-6", 400, "bad-frame", "twice")]
    [InlineData("watch=1", 400, "bad-frame", "'watch'")]
    public async Task A_poll_that_cannot_be_is_refused_naming_its_parameter(
        string query, int status, string code, string said)
    {
        var response = await process.GetAsync("/v1/feeds/flights/keys/ATL?" + query);

        Assert.Contains(said, await EdgeProcess.ProblemAsync(response, status, code), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_keys_are_answered_in_the_order_asked()
    {
        process.Reader.Set("B", 2, "{}");

        var json = await process.JsonAsync("/v1/feeds/flights/snapshots?key=B&key=A+%2B");

        Assert.Equal(["B", "A +"], json.EnumerateArray().Select(one => one.GetProperty("key").GetString()!));
    }

    [Fact]
    public async Task Snapshots_of_no_key_and_of_too_many_are_refused()
    {
        var none = await process.GetAsync("/v1/feeds/flights/snapshots");
        var many =
            await process.GetAsync("/v1/feeds/flights/snapshots?" + string.Join('&', Enumerable.Repeat("key=A", 101)));

        Assert.Contains("key", await EdgeProcess.ProblemAsync(none, 400, "bad-frame"), StringComparison.Ordinal);
        Assert.Contains("100", await EdgeProcess.ProblemAsync(many, 429, "limit"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slot_that_recovers_is_answered_503_with_a_time_to_come_back()
    {
        var process = new EdgeProcess();
        await process.InitializeAsync();
        process.Reader.Failure = new NotReadyException("Slot flights.1.3 is recovering; ask again.");

        var response = await process.GetAsync("/v1/feeds/flights/keys/ATL");

        Assert.Contains("recovering", await EdgeProcess.ProblemAsync(response, 503, "not-ready"),
            StringComparison.Ordinal);
        Assert.Equal("1", response.Headers.GetValues("Retry-After").Single());
        await process.DisposeAsync();
    }

    [Fact]
    public async Task An_unforeseen_failure_is_logged_on_one_line_and_leaks_nothing()
    {
        var process = new EdgeProcess();
        await process.InitializeAsync();
        process.Reader.Failure = new InvalidOperationException("password=hunter2\nsecond line");

        var response = await process.GetAsync("/v1/feeds/flights/keys/A%7B0%7D");

        var detail = await EdgeProcess.ProblemAsync(response, 500, "internal");
        Assert.DoesNotContain("hunter2", detail, StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("ETag"));
        var line = Assert.Single(process.Log, line => line.Contains("hunter2", StringComparison.Ordinal));
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
        await process.DisposeAsync();
    }
}
