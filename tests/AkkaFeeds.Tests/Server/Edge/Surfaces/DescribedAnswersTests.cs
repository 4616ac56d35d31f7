using System.Globalization;
using System.Text;
using System.Text.Json;
using AkkaFeeds.Contracts;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge.Surfaces;

/// <summary>What answers carry is what /v1/openapi.json says of them: each status and each header, no more, no less.
/// </summary>
public sealed class DescribedAnswersTests(EdgeProcess process) : IClassFixture<EdgeProcess>
{
    private static readonly string[] Described =
        ["ETag", "Cache-Control", "AkkaFeeds-Now", "AkkaFeeds-Read", "Retry-After", "Allow"];

    [Theory]
    [InlineData("/v1/feeds", "/v1/feeds", 200)]
    [InlineData("/v1/feeds?a=b", "/v1/feeds", 400)]
    [InlineData("/v1/feeds/flights/keys", "/v1/feeds/{feed}/keys", 200)]
    [InlineData("/v1/feeds/nope/keys", "/v1/feeds/{feed}/keys", 404)]
    [InlineData("/v1/feeds/flights/keys?limit=1001", "/v1/feeds/{feed}/keys", 429)]
    [InlineData("/v1/feeds/flights/keys/ATL", "/v1/feeds/{feed}/keys/{key}", 200)]
    [InlineData("/v1/feeds/flights/keys/ATL", "/v1/feeds/{feed}/keys/{key}", 304, "*")]
    [InlineData("/v1/feeds/flights/keys/%ff", "/v1/feeds/{feed}/keys/{key}", 400)]
    [InlineData("/v1/feeds/flights/keys/ATL?after=e.1-1&wait=61s", "/v1/feeds/{feed}/keys/{key}", 429)]
    [InlineData("/v1/feeds/flights/key?key=ATL", "/v1/feeds/{feed}/key", 200)]
    [InlineData("/v1/feeds/flights/key?key=ATL", "/v1/feeds/{feed}/key", 304, "*")]
    [InlineData("/v1/feeds/flights/snapshots?key=ATL", "/v1/feeds/{feed}/snapshots", 200)]
    [InlineData("/v1/feeds/flights/rows", "/v1/feeds/{feed}/rows", 200)]
    [InlineData("/v1/feeds/flights/rows?sort=nope", "/v1/feeds/{feed}/rows", 400)]
    [InlineData("/v1/schema.json", "/v1/schema.json", 200)]
    [InlineData("/v1/schema.json", "/v1/schema.json", 304, "*")]
    [InlineData("/v1/openapi.json", "/v1/openapi.json", 200)]
    [InlineData("/v1/asyncapi.json", "/v1/asyncapi.json", 200)]
    [InlineData("/graphql", "/graphql", 405)]
    public async Task An_answer_to_GET_is_as_described(string target, string path, int status, string? held = null)
    {
        using var answer = await process.SendAsync(HttpMethod.Get, target, request =>
        {
            if (held is not null)
            {
                request.Headers.TryAddWithoutValidation("If-None-Match", held);
            }
        });
        await IsDescribedAsync(answer, path, "get", status);
        var asks = (await OperationAsync(path, "get")).TryGetProperty("parameters", out var parameters)
            && parameters.EnumerateArray().Any(each => each.GetProperty("name").GetString() == "If-None-Match");
        Assert.True(held is null || asks, $"{path}: If-None-Match is not described");
    }

    [Fact]
    public async Task A_node_that_is_not_ready_says_when_to_ask_again_and_that_is_described()
    {
        process.Reader.Failure = new NotReadyException("recovering; ask again.");
        try
        {
            using var answer = await process.GetAsync("/v1/feeds/flights/keys/ATL");
            await IsDescribedAsync(answer, "/v1/feeds/{feed}/keys/{key}", "get", 503);
        }
        finally
        {
            process.Reader.Failure = null;
        }
    }

    [Theory]
    [InlineData("""{"query":"{ __typename }"}""", "application/json", 200)]
    [InlineData("""{"query":"{ nothing }"}""", "application/json", 400)]
    [InlineData("[", "application/json", 400)]
    [InlineData("query={}", "application/x-www-form-urlencoded", 415)]
    public async Task An_answer_to_a_query_of_GraphQL_is_as_described(string body, string type, int status)
    {
        using var answer = await process.SendAsync(
            HttpMethod.Post, "/graphql", request => request.Content = new StringContent(body, Encoding.UTF8, type));
        await IsDescribedAsync(answer, "/graphql", "post", status);
    }

    [Fact]
    public async Task All_ways_to_stream_are_described()
    {
        var document = await process.JsonAsync("/v1/asyncapi.json");
        var addresses = document.GetProperty("channels").EnumerateObject()
            .ToDictionary(channel => channel.Name, channel => channel.Value.GetProperty("address").GetString());
        Assert.Equal(
            ["/graphql", "/v1/events", "/v1/ws", "/v1/ws"], addresses.Values.Order(StringComparer.Ordinal));
        Assert.Equal("/v1/ws", addresses["plain"]);
        var spoken = document.GetProperty("channels").GetProperty("graphQl").GetProperty("messages").EnumerateObject()
            .Select(message => message.Name["graphql_".Length..]).Order(StringComparer.Ordinal);
        Assert.Equal(
            ["complete", "connection_ack", "connection_init", "error", "next", "ping", "pong", "subscribe"], spoken);
    }

    private async Task IsDescribedAsync(HttpResponseMessage answer, string path, string method, int status)
    {
        Assert.Equal(status, (int)answer.StatusCode);
        var responses = (await OperationAsync(path, method)).GetProperty("responses");
        Assert.True(
            responses.TryGetProperty(status.ToString(CultureInfo.InvariantCulture), out var described),
            $"{method} {path}: {status} is not described");
        var carried = answer.Headers.Concat(answer.Content.Headers).Select(header => header.Key)
            .Intersect(Described).Order(StringComparer.Ordinal);
        IEnumerable<string> named = described.TryGetProperty("headers", out var headers)
            ? headers.EnumerateObject().Select(header => header.Name).Order(StringComparer.Ordinal) : [];
        Assert.Equal(named, carried);
        if (answer.Content.Headers.ContentType is { MediaType: { } type })
        {
            Assert.True(described.GetProperty("content").TryGetProperty(type, out _), $"{type} is not described");
        }
    }

    private async Task<JsonElement> OperationAsync(string path, string method) =>
        (await process.JsonAsync("/v1/openapi.json")).GetProperty("paths").GetProperty(path).GetProperty(method);
}
