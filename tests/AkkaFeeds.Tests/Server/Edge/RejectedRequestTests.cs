using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

/// <summary>What Kestrel refuses by itself is a problem document, too.</summary>
public sealed class RejectedRequestTests(EdgeProcess process) : IClassFixture<EdgeProcess>
{
    private static readonly string Long = new('x', 200 * 1024);

    [Theory]
    [InlineData("hello\r\n\r\n", 400)]
    [InlineData("GET /v1/feeds HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /v1/feeds HTTP/1.1\r\nHost: [::1]\r\nHost: b\r\n\r\n", 400)]
    [InlineData("GET /v1/feeds HTTP/1.1\r\nHost: [::1]\r\nX\r\n\r\n", 400)]
    [InlineData("GET /v1/feeds HTTP/1.1\r\nHost: [::1]\r\nX: \0\r\n\r\n", 400)]
    [InlineData("GET /v1/ feeds HTTP/1.1\r\nHost: [::1]\r\n\r\n", 400)]
    [InlineData("GET /v1/feeds HTTP/9.9\r\nHost: [::1]\r\n\r\n", 505)]
    public async Task A_request_that_is_none(string request, int status)
    {
        var (answered, head, body) = await process.SendRawAsync(request);
        Assert.Equal(status, answered);
        Assert.Contains("Content-Type: application/problem+json", head, StringComparison.Ordinal);
        Assert.Contains($"Content-Length: {body.Length}", head, StringComparison.Ordinal);
        EdgeProcess.Problem(body, status, "bad-frame");
    }

    [Fact]
    public async Task A_target_or_headers_that_are_too_long()
    {
        var (status, _, body) = await process.SendRawAsync($"GET /{Long} HTTP/1.1\r\nHost: [::1]\r\n\r\n");
        Assert.Equal(414, status);
        EdgeProcess.Problem(body, 414, "too-large");
        (status, _, body) = await process.SendRawAsync($"GET / HTTP/1.1\r\nHost: [::1]\r\nX: {Long}\r\n\r\n");
        Assert.Equal(431, status);
        EdgeProcess.Problem(body, 431, "too-large");
    }

    [Fact]
    public async Task The_answer_to_HEAD_has_no_body()
    {
        var (status, head, body) = await process.SendRawAsync("HEAD /v1/feeds HTTP/1.1\r\nHost: [::1]\r\nX\r\n\r\n");
        Assert.Equal((400, ""), (status, body));
        Assert.Contains("application/problem+json", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_good_request_before_it_is_answered_first()
    {
        var (status, _, body) = await process.SendRawAsync(
            "GET /v1/feeds HTTP/1.1\r\nHost: [::1]\r\n\r\nhello\r\n\r\n");
        Assert.Equal(200, status);
        var second = body.IndexOf("HTTP/1.1 400 Bad Request", StringComparison.Ordinal);
        Assert.True(second > 0, body);
        var problem = body.IndexOf("\r\n\r\n", second, StringComparison.Ordinal) + 4;
        EdgeProcess.Problem(body[problem..], 400, "bad-frame");
    }
}
