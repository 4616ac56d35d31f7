namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>
/// Pages of other sites (row X-01): each origin over a raw socket, on every stream and beside a cookie, to the real
/// server.
/// </summary>
public sealed class OriginTests(OriginTests.ListedEdge listed) : IClassFixture<OriginTests.ListedEdge>
{
    private static readonly string[] Listed = ["https://board.example.org", "http://localhost:3000"];

    // HOST stands for the address that is asked, with its port.
    private static readonly string?[] Allowed =
        [null, "http://HOST", "HTTP://HOST", "https://board.example.org", "http://localhost:3000"];

    private static readonly string[] Refused =
    [
        "null", "", " ", "*", "http://", "://", "file://", "data:", "about:blank", "HOST", "//HOST",
        "https://HOST", "ws://HOST", "http://HOST/", "http://HOST/v1/ws", "http://HOST.", "http://HOST?",
        "http://HOST#",
        "http://HOST@evil.example", "http://user@HOST", "http://HOST.evil.example", "http://evil.example/HOST",
        "http://HOST evil.example", "http://evil.example, http://HOST", "http://HOST, http://evil.example",
        "http://127.0.0.1", "http://127.0.0.1:1", "http://localhost", "http://[::1]:3000", "http://0.0.0.0:3000",
        "http://board.example.org", "https://board.example.org:443", "https://board.example.org:8443",
        "https://BOARD.example.org", "https://board.example.org.", "https://board.example.org/",
        "https://evil-board.example.org", "https://board.example.org.evil.example", "https://sub.board.example.org",
        "https://example.org", "https://board-example.org", "https://board.example.orgg", "https://bоard.example.org",
        "http://localhost:3000\0", "http://localhost:30000", "https://localhost:3000", "http://evil.example",
    ];

    // PORT stands for the port that is asked.
    private static readonly string[] OwnHosts =
        ["HOST", "localhost:PORT", "feeds.localhost", "[::1]:PORT", "192.0.2.7", "board.example.org"];

    private static readonly string[] ForeignHosts =
    [
        "evil.example:PORT", "evil.example", "localhost.evil.example", "evil-localhost",
        "board.example.org.evil.example",
        "127.0.0.1.evil.example:PORT", "localhost.", "sub.board.example.org",
    ];

    private static readonly (string Name, string Target, string Headers)[] Streams =
    [
        ("websocket", "/v1/ws", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: akkafeeds.v1\r\n"),
        ("plain websocket", "/v1/ws?sub=small:K001&frames=view", "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"),
        ("graphql", "/graphql", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n"),
        ("sse", "/v1/events?sub=small:K001", "Connection: close\r\n"),
    ];

    [Fact]
    public async Task Only_the_address_itself_and_the_list_open_a_stream()
    {
        var edge = listed.Edge;
        Assert.True(Allowed.Length + Refused.Length >= 40);
        foreach (var (name, target, headers) in Streams)
        {
            foreach (var origin in Allowed)
            {
                var status = await StatusAsync(edge.Http, target, headers, origin);
                Assert.True(status is 101 or 200, $"{name}: '{origin}' is answered with {status}");
            }

            foreach (var origin in Refused)
            {
                var status = await StatusAsync(edge.Http, target, headers, origin);
                Assert.True(status is 403 or 400, $"{name}: '{origin}' is answered with {status}");
            }
        }

        await edge.NothingIsLeftAsync();
        edge.NothingHasFailed();
    }

    // A name that its owner has pointed at this address (DNS rebinding): the page and this server are one origin then,
    // and what it reads names none.
    [Fact]
    public async Task Who_asks_under_a_foreign_name_is_given_nothing()
    {
        var edge = listed.Edge;
        (string Name, string Target, string Headers)[] all =
            [.. Streams, ("rest", "/v1/feeds", "Connection: close\r\n"), ("board", "/", "Connection: close\r\n")];
        foreach (var (name, target, headers) in all)
        {
            foreach (var host in OwnHosts)
            {
                var status = await StatusAsync(edge.Http, target, headers, null, Host(edge, host));
                Assert.True(status is 101 or 200, $"{name}: host '{host}' is answered with {status}");
            }

            foreach (var host in ForeignHosts.Select(host => Host(edge, host)))
            {
                foreach (var origin in new[] { null, $"http://{host}" })
                {
                    var status = await StatusAsync(edge.Http, target, headers, origin, host);
                    Assert.True(status == 403, $"{name}: host '{host}', origin '{origin}' is answered with {status}");
                }
            }
        }

        await edge.NothingIsLeftAsync();
        edge.NothingHasFailed();
    }

    [Fact]
    public async Task A_page_that_may_reads_answers_and_another_gets_no_leave()
    {
        var edge = listed.Edge;
        var (status, head, _) = await GetAsync(edge, Listed[0]);
        Assert.Equal(200, status);
        Assert.Contains($"Access-Control-Allow-Origin: {Listed[0]}\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nVary: Origin\r\n", head, StringComparison.Ordinal);
        (status, head, _) = await GetAsync(edge, "https://evil.example");
        Assert.Equal(200, status);
        Assert.DoesNotContain("Access-Control-Allow", head, StringComparison.Ordinal);
        Assert.Equal(204, await PreflightAsync(edge, Listed[1]));
        Assert.Equal(403, await PreflightAsync(edge, "https://evil.example"));
        Assert.Equal(403, await PreflightAsync(edge, "null"));
    }

    private static Task<(int Status, string Head, string Body)> GetAsync(EdgeServer edge, string origin) =>
        RawHttp.SendAsync(
            edge.Http, $"GET /v1/feeds HTTP/1.1\r\nHost: {edge.Http.Authority}\r\nOrigin: {origin}\r\n"
            + "Connection: close\r\n\r\n");

    private static async Task<int> PreflightAsync(EdgeServer edge, string origin) => (await RawHttp.SendAsync(
        edge.Http, $"OPTIONS /v1/events HTTP/1.1\r\nHost: {edge.Http.Authority}\r\nOrigin: {origin}\r\n"
        + "Access-Control-Request-Method: GET\r\nAccess-Control-Request-Headers: last-event-id\r\n"
        + "Connection: close\r\n\r\n")).Status;

    private static string Host(EdgeServer edge, string host) => host
        .Replace("HOST", edge.Http.Authority, StringComparison.Ordinal)
        .Replace("PORT", $"{edge.Http.Port}", StringComparison.Ordinal);

    // The first line of the answer is enough: a stream that was opened has no end.
    private static async Task<int> StatusAsync(
        Uri http, string target, string headers, string? origin, string? host = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(http.Host, http.Port, limit.Token);
        await using var stream = client.GetStream();
        var line = origin is null
            ? "" : $"Origin: {origin.Replace("HOST", http.Authority, StringComparison.Ordinal)}\r\n";
        await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(
            $"GET {target} HTTP/1.1\r\nHost: {host ?? http.Authority}\r\nCookie: session=1\r\n{line}{headers}\r\n"),
            limit.Token);
        var answer = new byte[12];
        await stream.ReadExactlyAsync(answer, limit.Token);
        return int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>One server with a list, for all tests.</summary>
    public sealed class ListedEdge : StandardEdge
    {
        protected override string Http => $"  origins: [{string.Join(", ", Listed)}]\n";
    }
}
