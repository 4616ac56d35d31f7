using System.Text;
using AkkaFeeds.Contracts;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

public sealed class FeedEndpointTests(EdgeProcess process) : IClassFixture<EdgeProcess>
{
    [Fact]
    public async Task Feeds_are_listed_by_name_with_what_their_file_says()
    {
        var json = await process.JsonAsync("/v1/feeds");

        Assert.Equal(
            """{"feeds":[{"name":"flights","key":"origin","fields":[{"name":"departures","type":"long"}"""
            + """,{"name":"delayRate","type":"double"}],"topics":["flights"],"phase":"serve","slo":"2s","owner":"""
            + "\"ops\"" + ""","contact":"ops@example.org"},{"name":"raw","key":"$key","fields":[]"""
            + ""","topics":["a","b"],"phase":"serve"}]}""",
            json.GetRawText());
    }

    [Fact]
    public async Task Keys_come_in_pages_whose_last_one_has_no_next()
    {
        var process = new EdgeProcess();
        await process.InitializeAsync();
        foreach (var key in (string[])["AB", "AA", "B", "AC"])
        {
            process.Reader.Set(key, 1, "{}");
        }

        Assert.Equal(
            """{"keys":["AA","AB"],"next":"AB"}""", await BodyAsync("/v1/feeds/flights/keys?prefix=A&limit=2"));
        Assert.Equal("""{"keys":["AC"]}""", await BodyAsync("/v1/feeds/flights/keys?prefix=A&limit=2&after=AB"));
        Assert.Equal("""{"keys":["AA","AB","AC","B"]}""", await BodyAsync("/v1/feeds/flights/keys"));
        await process.DisposeAsync();

        async Task<string> BodyAsync(string target) => (await process.JsonAsync(target)).GetRawText();
    }

    [Fact]
    public async Task Rows_are_the_frame_without_op_id_and_base()
    {
        process.Reader.Page = new RowsPage(
            "r1", 7,
            [
                new ViewRow("ORD", Encoding.UTF8.GetBytes("""{"departures":9}"""), FreshnessStatus.Live),
                new ViewRow("A\"L", Encoding.UTF8.GetBytes("{}"),
                    new FreshnessStatus(FreshnessState.Stale, "behind-slo", 1)),
            ],
            229, 1764000000000);

        var json =
            await process.JsonAsync("/v1/feeds/flights/rows?prefix=A&fields=departures&sort=-delayRate&limit=2");

        Assert.Equal(
            """{"feed":"flights","epoch":"r1","version":7,"order":["ORD","A\"L"]"""
            + ""","rows":{"ORD":{"departures":9},"A\"L":{}}"""
            + ""","states":{"A\"L":"stale"},"total":229,"at":1764000000000}""",
            json.GetRawText());
        var query = process.Reader.Queries.Last();
        Assert.Equal(("A", "delayRate", true, 2), (query.Prefix, query.SortField, query.Descending, query.Limit));
        Assert.Equal(["departures"], query.Fields!);
    }

    [Fact]
    public async Task Rows_take_a_hundred_of_all_fields_by_key_unless_told()
    {
        await process.JsonAsync("/v1/feeds/raw/rows");

        var query = process.Reader.Queries.Last();
        Assert.Equal(new RowsQuery("", null, null, false, 100), query);
    }

    [Theory]
    [InlineData("/v1/feeds?x=1", 400, "bad-frame", "'x'")]
    [InlineData("/v1/feeds/nope/keys", 404, "unknown-feed", "'nope'")]
    [InlineData("/v1/feeds/nope/keys/A", 404, "unknown-feed", "'nope'")]
    [InlineData("/v1/feeds/nope/key?key=A", 404, "unknown-feed", "'nope'")]
    [InlineData("/v1/feeds/nope/snapshots?key=A", 404, "unknown-feed", "'nope'")]
    [InlineData("/v1/feeds/nope/rows", 404, "unknown-feed", "'nope'")]
    [InlineData("/v1/feeds/flights/key", 400, "bad-frame", "key")]
    [InlineData("/v1/feeds/flights/keys?limit=0", 400, "bad-frame", "1000")]
    [InlineData("/v1/feeds/flights/keys?limit=-1", 400, "bad-frame", "1000")]
    [InlineData("/v1/feeds/flights/keys?limit=1001", 429, "limit", "1000")]
    [InlineData("/v1/feeds/flights/keys?limit=99999999999999999999", 429, "limit", "1000")]
    [InlineData("/v1/feeds/flights/keys?limit=ten", 400, "bad-frame", "'ten'")]
    [InlineData("/v1/feeds/flights/keys?limit=", 400, "bad-frame", "limit")]
    [InlineData("/v1/feeds/flights/keys?sort=a", 400, "bad-frame", "'sort'")]
    [InlineData("/v1/feeds/flights/keys?after=", 400, "bad-key", "''")]
    [InlineData("/v1/feeds/flights/keys?prefix=%00", 400, "bad-key", "prefix")]
    [InlineData("/v1/feeds/flights/keys?prefix=%ff", 400, "bad-key", "prefix")]
    [InlineData("/v1/feeds/flights/rows?limit=5000", 429, "limit", "1000")]
    [InlineData("/v1/feeds/flights/rows?fields=departures,nope", 400, "unknown-field", "'nope'")]
    [InlineData("/v1/feeds/flights/rows?fields=", 400, "unknown-field", "''")]
    [InlineData("/v1/feeds/flights/rows?sort=-nope", 400, "bad-sort", "'-nope'")]
    [InlineData("/v1/feeds/flights/rows?sort=", 400, "bad-sort", "''")]
    [InlineData("/v1/feeds/flights/rows?key=A", 400, "bad-frame", "'key'")]
    [InlineData("/nothing", 404, "unknown-op", "")]
    [InlineData("/v1", 404, "unknown-op", "")]
    [InlineData("/v1/feeds/", 404, "unknown-op", "")]
    [InlineData("/v1/feeds/flights", 404, "unknown-op", "")]
    [InlineData("/v1/feeds/flights/keys/A/B", 404, "unknown-op", "")]
    [InlineData("/metrics", 404, "unknown-op", "")]
    [InlineData("/healthz/ready", 404, "unknown-op", "")]
    public async Task Wrong_input_is_a_problem_document_that_names_it(
        string target, int status, string code, string said)
    {
        var response = await process.GetAsync(target);

        Assert.Contains(said, await EdgeProcess.ProblemAsync(response, status, code), StringComparison.Ordinal);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Other_methods_are_refused_and_told_which_ones_there_are()
    {
        foreach (var method in (HttpMethod[])[HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Options])
        {
            var response = await process.SendAsync(method, "/v1/feeds");

            await EdgeProcess.ProblemAsync(response, 405, "unknown-op");
            Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow.Order());
        }
    }

    [Fact]
    public async Task Head_is_answered_as_get_without_the_body()
    {
        var response = await process.SendAsync(HttpMethod.Head, "/v1/feeds");

        Assert.Equal(200, (int)response.StatusCode);
        Assert.True(response.Content.Headers.ContentLength > 0);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        var response = await process.SendAsync(
            HttpMethod.Get, "/v1/feeds", request => request.Content = new ByteArrayContent(new byte[20_000]));

        await EdgeProcess.ProblemAsync(response, 413, "too-large");
    }
}
