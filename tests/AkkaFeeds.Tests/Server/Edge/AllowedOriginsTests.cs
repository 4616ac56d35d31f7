using AkkaFeeds.Server.Edge;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

/// <summary>Which pages may open a WebSocket.</summary>
public sealed class AllowedOriginsTests
{
    [Theory]
    [InlineData("", "127.0.0.1:8080")]
    [InlineData("http://127.0.0.1:8080", "127.0.0.1:8080")]
    [InlineData("http://Board.example.org", "board.example.org")]
    [InlineData("http://board.example.org", "board.example.org:80")]
    public void The_pages_of_the_address_itself_may(string origin, string host) =>
        new AllowedOrigins([]).Require(Request(origin, host));

    [Theory]
    [InlineData("https://127.0.0.1:8080", "127.0.0.1:8080")]
    [InlineData("http://127.0.0.1:8081", "127.0.0.1:8080")]
    [InlineData("http://127.0.0.1", "127.0.0.1:8080")]
    [InlineData("http://localhost:8080", "127.0.0.1:8080")]
    [InlineData("http://user@127.0.0.1:8080", "127.0.0.1:8080")]
    [InlineData("http://127.0.0.1:8080.evil.example", "127.0.0.1:8080")]
    [InlineData("http://127.0.0.1:8080/", "127.0.0.1:8080")]
    [InlineData("http://a:443", "a")]
    [InlineData("null", "127.0.0.1:8080")]
    [InlineData("file://", "127.0.0.1:8080")]
    public void Others_may_not(string origin, string host) => Refused(new AllowedOrigins([]), origin, host);

    [Fact]
    public void Two_origins_are_none() =>
        Refused(new AllowedOrigins([]), new(["http://a", "http://b"]), "a");

    [Fact]
    public void A_list_is_compared_as_it_is_beside_the_address_itself()
    {
        var origins = new AllowedOrigins(["https://board.example.org", "http://localhost:3000"]);
        origins.Require(Request("https://board.example.org", "inner:8080"));
        origins.Require(Request("http://localhost:3000", "inner:8080"));
        origins.Require(Request("", "inner:8080"));
        origins.Require(Request("http://inner:8080", "inner:8080"));
        Refused(origins, "http://board.example.org", "inner:8080");
        Refused(origins, "https://board.example.org:8443", "inner:8080");
        Refused(origins, "https://BOARD.example.org", "inner:8080");
    }

    private static void Refused(
        AllowedOrigins origins, Microsoft.Extensions.Primitives.StringValues origin, string host)
    {
        var request = Request(origin, host);
        var problem = Assert.Throws<ProblemException>(() => origins.Require(request));
        Assert.Equal(ProblemCodes.Forbidden, problem.Code);
    }

    private static HttpRequest Request(Microsoft.Extensions.Primitives.StringValues origin, string host)
    {
        var request = new DefaultHttpContext().Request;
        request.Scheme = "http";
        request.Host = new HostString(host);
        if (origin.Count > 0 && origin[0]!.Length > 0)
        {
            request.Headers.Origin = origin;
        }

        return request;
    }
}
