using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>Event streams of the real server: their form, how they resume, and what they refuse.</summary>
public sealed class EventsTests
{
    [Fact]
    public async Task An_event_stream_is_the_frames_and_nothing_is_left_of_it()
    {
        await using var edge = await EdgeServer.StartAsync();
        await FormAsync(edge);
        await ForgedAsync(edge);
        await RefusedAsync(edge);
        await edge.NothingIsLeftAsync();
        edge.NothingHasFailed();
        await GoodbyeAsync(edge);
    }

    /// <summary>As many keys as a stream may have, as long as a line of 8 KB leaves, on 16 partitions each.</summary>
    [Fact]
    public async Task The_largest_stream_resumes_to_the_last_key()
    {
        const int Partitions = 16;
        string[] keys = [.. Enumerable.Range(0, 128).Select(index => $"{index:000}-{new string('k', 46)}")];
        await using var edge = await EdgeServer.StartAsync(keys: keys, partitions: Partitions, isSpread: true);
        var query = string.Join('&', keys.Select(key => $"sub=small:{key}"));
        var left = keys.Length;
        string? id;
        using (var stream = await EventStream.OpenAsync(edge.Http, query))
        {
            var events = await stream.UntilAsync(each =>
            {
                left -= each.Name == "snapshot" ? 1 : 0;
                return left == 0 && each.Id is not null;
            });
            Assert.All(
                events.Where(each => each.Name == "snapshot"),
                each => Assert.Equal(Partitions, each.Json.GetProperty("pos").EnumerateObject().Count()));
            id = events[^1].Id;
        }

        using var again = await EventStream.OpenAsync(edge.Http, query, id);
        left = keys.Length;
        var answers = await again.UntilAsync(each => each.Name is "snapshot" or "resumed" && --left == 0);
        Assert.Equal(keys, answers.Where(each => each.Name == "resumed").Select(KeyOf).Order(StringComparer.Ordinal));
        edge.NothingHasFailed();
    }

    private static async Task FormAsync(EdgeServer edge)
    {
        using var stream = await EventStream.OpenAsync(
            edge.Http, "sub=small:K001&sub=small:nobody&rows=small&sort=-n");
        var headers = stream.Head.Headers;
        Assert.Equal("no", Assert.Single(headers.GetValues("X-Accel-Buffering")));
        Assert.True(headers.CacheControl is { NoCache: true, NoTransform: true });
        Assert.Empty(stream.Head.Content.Headers.ContentEncoding);
        var events = await stream.UntilAsync(each => each.Name == "progress" && each.At > TimeSpan.FromSeconds(11));
        Assert.Equal("welcome", events[0].Name);
        Assert.All(events, each => Assert.Equal(each.Name, each.Json.GetProperty("op").GetString()));
        Assert.All(events, each => Assert.Equal(each.Name == "progress", each.Id is not null));
        Assert.InRange(events.Count(each => each.Name == "progress"), 9, 14);
        Assert.Equal(2, events.Count(each => each.Name == "snapshot"));
        Assert.Single(events, each => each.Name == "rows");
        Assert.InRange(Assert.Single(stream.Comments), TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(11));

        // What it gave resumes both: a key that was blank has nothing to resume.
        var id = events[^1].Id;
        using var again = await EventStream.OpenAsync(edge.Http, "sub=small:K001&sub=small:nobody", id);
        var answers = 0;
        events = await again.UntilAsync(each => each.Name is "snapshot" or "resumed" && ++answers == 2);
        Assert.Equal("K001", KeyOf(Assert.Single(events, each => each.Name == "resumed")));
        Assert.Equal("nobody", KeyOf(Assert.Single(events, each => each.Name == "snapshot")));
    }

    private static async Task ForgedAsync(EdgeServer edge)
    {
        using var other = await EventStream.OpenAsync(edge.Http, "sub=small:K002");
        var foreign = (await other.UntilAsync(each => each.Id is not null))[^1].Id;
        string[] forged = [foreign!, "", "1", "null", new string('A', 9_000), "../..", "%00", "AQAAAAAAAAAA"];
        foreach (var id in forged)
        {
            using var stream = await EventStream.OpenAsync(edge.Http, "sub=small:K001", id);
            var events = await stream.UntilAsync(each => each.Id is not null);
            Assert.Equal(["welcome", "snapshot", "progress"], events.Select(each => each.Name));
            Assert.Equal("K001", events[1].Json.GetProperty("key").GetString());
            Assert.Equal("subscribe", events[1].Json.GetProperty("cause").GetString());
        }
    }

    private static string KeyOf(ServerEvent one) => one.Json.GetProperty("key").GetString()!;

    private static async Task RefusedAsync(EdgeServer edge)
    {
        (string Query, int Status, string Code)[] bad =
        [
            ("", 400, "bad-frame"), ("sub=small", 400, "bad-frame"), ("sub=:K001", 400, "bad-frame"),
            ("sub=nothing:K001", 404, "unknown-feed"), ("sub=small:", 400, "bad-key"),
            ("sub=small:%00", 400, "bad-key"), ("sub=small:%ff", 400, "bad-frame"),
            ("rows=nothing", 404, "unknown-feed"),
            ("rows=small&sort=nothing", 400, "bad-sort"), ("rows=small&fields=nothing", 400, "unknown-field"),
            ("rows=small&limit=0", 400, "bad-frame"), ("rows=small&limit=x", 400, "bad-frame"),
            ("prefix=K", 400, "bad-frame"), ("key=K001", 400, "bad-frame"),
            (string.Join('&', Enumerable.Range(0, 129).Select(each => $"sub=small:K{each}")), 429, "limit"),
        ];
        foreach (var (query, status, code) in bad)
        {
            var (answered, head, body) = await RawHttp.GetAsync(edge.Http, $"/v1/events?{query}");
            Assert.True(answered == status, $"{query}: {answered} {body}");
            Assert.Contains("application/problem+json", head, StringComparison.Ordinal);
            Assert.Equal($"/problems/{code}", JsonDocument.Parse(body).RootElement.GetProperty("type").GetString());
        }

        var (put, _, _) = await RawHttp.SendAsync(
            edge.Http, $"PUT /v1/events?sub=small:K001 HTTP/1.1\r\nHost: {edge.Http.Authority}\r\n"
            + "Connection: close\r\n\r\n");
        Assert.Equal(405, put);
    }

    private static async Task GoodbyeAsync(EdgeServer edge)
    {
        foreach (var version in (Version[])[new(1, 1), new(2, 0)])
        {
            using var stream = await EventStream.OpenAsync(edge.Http, "sub=small:K001", version: version);
            Assert.Equal(version, stream.Head.Version);
            await stream.UntilAsync(each => each.Name == "snapshot");
        }

        using var last = await EventStream.OpenAsync(edge.Http, "sub=small:K001");
        await last.UntilAsync(each => each.Name == "snapshot");
        using var stuck = await StuckAsync(edge);
        var stopping = edge.Server.Process.StopAsync(TimeSpan.FromSeconds(15));
        var bye = (await last.UntilAsync(each => each.Name == "bye"))[^1];
        Assert.Equal(1001, bye.Json.GetProperty("code").GetInt32());
        Assert.Equal($"{bye.Json.GetProperty("retryAfter")}", bye.Retry);
        Assert.Null(await last.NextAsync());
        Assert.True(await stopping, "a reader that takes nothing holds up the process that stops");
        Assert.Equal(0, edge.Server.Process.ExitCode);
    }

    // A stream that is not read, until the server waits for its reader.
    private static async Task<TcpClient> StuckAsync(EdgeServer edge)
    {
        var client = new TcpClient { ReceiveBufferSize = 4_096 };
        await client.ConnectAsync(edge.Http.Host, edge.Http.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /v1/events?sub=small:K002 HTTP/1.1\r\nHost: {edge.Http.Authority}\r\n\r\n"));
        for (var records = 0; (await edge.Server.Client.MetricsAsync())!.Sum("akkafeeds_slow_clients") == 0; records++)
        {
            Assert.True(records < 1_000, "it takes everything");
            var large = new string((char)('a' + (records % 2)), 200_000);
            edge.Produce("K002", Encoding.UTF8.GetBytes($$"""{"k":"K002","v":1,"any":"{{large}}"}"""));
        }

        return client;
    }
}
