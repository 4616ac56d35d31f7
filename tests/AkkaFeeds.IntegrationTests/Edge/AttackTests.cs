using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>
/// Attacks on connections (rows ): each is ended in time, leaves nothing, and others are
/// served meanwhile.
/// </summary>
[Collection("floods")]
public sealed class AttackTests(StandardEdge standard, Xunit.Abstractions.ITestOutputHelper output)
    : IClassFixture<StandardEdge>
{
    private const string Short = "  headerTimeout: 1s\n  idleTimeout: 2s\n";

    [Fact]
    public async Task Who_sends_a_byte_now_and_then_is_cut_and_holds_nobody_up()
    {
        await using var edge = await EdgeServer.StartAsync(http: Short);
        string[] begun =
        [
            "GET /v1/feeds HTTP/1.1\r\nHost: a\r\n", "GET /v1/events?sub=small:K001 HTTP/1.1\r\n", "G", "P",
            "PRI * HTTP/2",
            "PRI * HTTP/2.0\r\n", "POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Len",
        ];
        var slow = Enumerable.Range(0, 200).Select(each => DripAsync(edge.Http, begun[each % begun.Length])).ToList();
        for (var asked = 0; asked < 20; asked++)
        {
            using var answer = await edge.Server.Client.GetAsync("v1/feeds/small/keys/K001");
            Assert.True(answer.IsSuccessStatusCode);
        }

        var cut = await Task.WhenAll(slow);
        output.WriteLine(
            $"200 slow heads were cut after {cut.Min().TotalSeconds:F1} to {cut.Max().TotalSeconds:F1} s");
        Assert.InRange(cut.Max(), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        edge.NothingHasFailed();
    }

    [Fact]
    public async Task A_frame_or_a_body_by_the_byte_is_ended_in_time_and_holds_nobody_up()
    {
        var edge = standard.Edge;
        var slow = Enumerable.Range(0, 5).SelectMany(_ => SlowFrames.All(edge.Http)).ToList();
        string[] bodies =
        [
            "Content-Length: 1000\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n3e8\r\n{",
        ];
        var posts = Enumerable.Range(0, 15).Select(each => bodies[each % bodies.Length]).Select(body => DripAsync(
            edge.Http, "POST /graphql HTTP/1.1\r\nHost: [::1]\r\nContent-Type: application/json\r\n" + body,
            body.EndsWith("chunked\r\n\r\n", StringComparison.Ordinal) ? "1\r\n \r\n" : " ")).ToList();
        while (!slow.TrueForAll(each => each.IsCompleted) || !posts.TrueForAll(each => each.IsCompleted))
        {
            using var answer = await edge.Server.Client.GetAsync("v1/feeds/small/keys/K001");
            Assert.True(answer.IsSuccessStatusCode);
            await Task.WhenAny(Task.WhenAll([.. slow, .. posts]), Waiting.PauseAsync(TimeSpan.FromMilliseconds(200)));
        }

        var frames = await Task.WhenAll(slow);
        Tell("half frames", [.. frames.Select(each => each.Took)]);
        Assert.All(frames, each => Assert.True(each.Code == 4008, $"{each.Name}: closed with {each.Code}"));
        var cut = await Task.WhenAll(posts);
        Tell("bodies", cut);
        Assert.All(cut, took => Assert.InRange(took, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(20)));
        await edge.NothingIsLeftAsync();
        edge.NothingHasFailed();
    }

    [Fact]
    public async Task Who_says_nothing_at_all_is_cut_too()
    {
        await using var edge = await EdgeServer.StartAsync(http: Short);
        var watch = Stopwatch.StartNew();
        using var client = new TcpClient();
        await client.ConnectAsync(edge.Http.Host, edge.Http.Port);
        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(8));
    }

    [SkippableFact]
    public async Task Who_is_gone_without_a_word_is_found_and_who_only_does_not_read_is_kept()
    {
        Skip.IfNot(LostPeer.IsPossible, "to lose a peer's packets takes root and ip");
        var edge = standard.Edge;
        await using var lost = await LostPeer.ConnectAsync(edge.Http);
        using var silent = await SilentAsync(edge.Http);
        await edge.Server.MetricsAsync(
            metrics => metrics.Sum("akkafeeds_clients") == LostPeer.Streams + 1, "all clients",
            TimeSpan.FromSeconds(10));
        var watch = Stopwatch.StartNew();
        await lost.LoseAsync();
        await edge.Server.MetricsAsync(
            metrics => metrics.Sum("akkafeeds_clients") == 1, "the lost ones found", TimeSpan.FromSeconds(15));
        output.WriteLine($"{LostPeer.Streams} lost peers were found after {watch.Elapsed.TotalSeconds:F1} s");
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10));
        for (var change = 0; change < 50; change++)
        {
            edge.Produce("K001");
        }

        await Waiting.PauseAsync(TimeSpan.FromSeconds(5));
        var metrics = await edge.Server.Client.MetricsAsync();
        Assert.Equal(1, metrics!.Sum("akkafeeds_clients"));
    }

    [Fact]
    public async Task Streams_beyond_the_rate_are_told_when_to_come_back()
    {
        await using var edge = await EdgeServer.StartAsync("limits: { connectionRate: 5 }\n");
        var asked = await Task.WhenAll(
            Enumerable.Range(0, 60).Select(_ => HeadAsync(edge.Http, "/v1/events?sub=small:K001")));
        Assert.All(asked, answer => Assert.True(answer.Status is 200 or 503, answer.Head));
        Assert.All(asked, answer => Assert.Equal(
            answer.Status == 503, answer.Head.Contains("Retry-After: ", StringComparison.Ordinal)));
        Assert.InRange(asked.Count(answer => answer.Status == 503), 1, 55);
        var sockets = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => edge.ConnectAsync()));
        var byes = await Task.WhenAll(sockets.Select(ByeAsync));
        Assert.Contains(byes, bye => bye is { Code: 4011, RetryAfter: > 0 });
        await edge.NothingIsLeftAsync(sockets.Select(socket => new Ended(socket)));
    }

    [Fact]
    public async Task A_connection_that_opens_and_resets_streams_is_ended_and_others_are_served()
    {
        await using var edge = await EdgeServer.StartAsync(http: "  streams: 10\n");
        var ended = 0;
        for (var connection = 0; connection < 5; connection++)
        {
            ended += await RapidReset.RunAsync(edge.Http, streams: 5_000) ? 1 : 0;
        }

        Assert.Equal(5, ended);
        using var answer = await edge.Server.Client.GetAsync("v1/feeds/small/keys/K001");
        Assert.True(answer.IsSuccessStatusCode);
        edge.NothingHasFailed();
    }

    [Fact]
    public async Task A_path_with_a_slash_too_many_is_the_same_path_for_a_WebSocket_too()
    {
        var edge = standard.Edge;
        await using var framed = await RawSocket.ConnectAsync(edge.Http, "//v1/ws");
        Assert.Equal("welcome", RawSocket.Op((await framed.UntilAsync(_ => true))[0]));
        await using var graphQl = await RawSocket.ConnectAsync(edge.Http, "//graphql", "graphql-transport-ws");
        await graphQl.SendAsync("""{"type":"connection_init"}""");
        Assert.Contains("connection_ack", (await graphQl.NextAsync()).Frame, StringComparison.Ordinal);
        edge.NothingHasFailed();
    }

    [Fact]
    public async Task Nobody_reads_much_with_one_request()
    {
        var edge = standard.Edge;
        (string Target, int Status)[] greedy =
        [
            ("/v1/feeds/small/keys?limit=1001", 429), ("/v1/feeds/small/keys?limit=100000", 429),
            ("/v1/feeds/small/rows?limit=1001", 429),
            ("/v1/feeds/small/key?key=K001&after=e.1-1&wait=61s", 429),
            ("/v1/feeds/small/snapshots?" + string.Join('&', Enumerable.Repeat("key=K1", 101)), 429),
            ("/v1/feeds/small/snapshots?" + string.Join('&', Enumerable.Repeat("key=K1", 1_100)), 429),
            ("/v1/feeds/small/key?key=" + new string('k', 200_000), 414),
        ];
        foreach (var (target, status) in greedy)
        {
            var answer = await RawHttp.GetAsync(edge.Http, target);
            Assert.True(answer.Status == status, $"{target[..Math.Min(40, target.Length)]}: {answer.Status}");
        }

        edge.NothingHasFailed();
    }

    // What comes first: a welcome, or a goodbye.
    private static async Task<(int Code, long RetryAfter)> ByeAsync(RawSocket socket)
    {
        var first = (await socket.UntilAsync(_ => true))[0];
        return RawSocket.Op(first) == "bye"
            ? (first.GetProperty("code").GetInt32(), first.GetProperty("retryAfter").GetInt64())
            : (0, 0);
    }

    private void Tell(string what, IReadOnlyCollection<TimeSpan> took) => output.WriteLine(
        $"{took.Count} {what} were ended after {took.Min().TotalSeconds:F1} to {took.Max().TotalSeconds:F1} s");

    private static async Task<TimeSpan> DripAsync(Uri http, string begun, string piece = "a")
    {
        var watch = Stopwatch.StartNew();
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(http.Host, http.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(begun));
        var end = stream.ReadAsync(new byte[4_096]).AsTask();
        while (!end.IsCompleted && watch.Elapsed < TimeSpan.FromSeconds(25))
        {
            try
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(piece));
            }
            catch (IOException)
            {
                break;
            }

            await Task.WhenAny(end, Waiting.PauseAsync(TimeSpan.FromMilliseconds(300)));
        }

        return watch.Elapsed;
    }

    // Reads the head and no more, with a small buffer: the server's writes soon wait for it.
    private static async Task<TcpClient> SilentAsync(Uri http)
    {
        var client = new TcpClient { ReceiveBufferSize = 4_096 };
        await client.ConnectAsync(http.Host, http.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /v1/events?sub=small:K001&sub=raw:K001&rows=small HTTP/1.1\r\nHost: {http.Authority}\r\n\r\n"));
        return client;
    }

    private sealed class Ended(RawSocket socket) : IDisposable
    {
        public void Dispose() => socket.Abort();
    }

    private static async Task<(int Status, string Head, int Length)> HeadAsync(Uri http, string target)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(http.Host, http.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: {http.Authority}\r\n\r\n"));
        var buffer = new byte[4_096];
        var length = 0;
        var head = "";
        while (!head.Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            length += await stream.ReadAsync(buffer.AsMemory(length)).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
            head = Encoding.ASCII.GetString(buffer, 0, length);
        }

        return (int.Parse(head.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture), head, length);
    }
}
