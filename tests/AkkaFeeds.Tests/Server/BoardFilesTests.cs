using AkkaFeeds.Server.Board;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AkkaFeeds.Tests.Server;

public sealed class BoardFilesTests
{
    private readonly BoardFiles files = new();

    [Theory]
    [InlineData("", "text/html")]
    [InlineData("akkafeeds.js", "text/javascript")]
    [InlineData("akkafeeds-element.js", "text/javascript")]
    [InlineData("akkafeeds-react.js", "text/javascript")]
    [InlineData("v1/schema.json", "application/schema+json")]
    [InlineData("board/board.css", "text/css")]
    public async Task Each_file_is_served_with_its_type_and_nothing_foreign_may_run(string path, string type)
    {
        var context = await GetAsync(path);
        Assert.StartsWith(type, context.Response.ContentType, StringComparison.Ordinal);
        var policy = context.Response.Headers.ContentSecurityPolicy.ToString();
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.True(context.Response.ContentLength > 100);
    }

    [Fact]
    public async Task Who_has_the_file_is_not_sent_it_again()
    {
        var tag = (await GetAsync("akkafeeds.js")).Response.Headers.ETag.ToString();
        var again = await GetAsync("akkafeeds.js", tag);
        Assert.Equal(304, again.Response.StatusCode);
    }

    [Fact]
    public async Task Who_takes_gzip_gets_the_client_in_less_than_8_000_bytes_and_others_get_it_plain()
    {
        var packed = (await GetAsync("akkafeeds.js", encodings: "br, gzip")).Response;
        Assert.Equal("gzip", packed.Headers.ContentEncoding);
        Assert.Equal("Accept-Encoding", packed.Headers.Vary);
        Assert.InRange(packed.ContentLength!.Value, 1_000, 7_999);
        var plain = (await GetAsync("akkafeeds.js", encodings: "gzip;q=0, identity")).Response;
        Assert.False(plain.Headers.ContainsKey("Content-Encoding"));
        Assert.NotEqual(plain.Headers.ETag, packed.Headers.ETag);
        Assert.True(plain.ContentLength > 2 * packed.ContentLength);
    }

    [Fact]
    public void What_is_not_there_is_left_to_others() =>
        Assert.Null(files.Find(new DefaultHttpContext(), ["board", "..", "secret"]));

    private async Task<HttpContext> GetAsync(string path, string? tag = null, string? encodings = null)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "GET";
        context.Request.Headers.IfNoneMatch = tag;
        context.Request.Headers.AcceptEncoding = encodings;
        await files.Find(context, path.Split('/'))!();
        return context;
    }
}
