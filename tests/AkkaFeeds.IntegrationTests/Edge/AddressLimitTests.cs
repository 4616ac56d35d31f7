using System.Net;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>One address has as many streams as it may, whichever way they come, and no other pays for it.</summary>
public sealed class AddressLimitTests
{
    private const int Most = 5;
    private static readonly IPAddress Other = IPAddress.Parse("127.0.0.2");

    [Fact]
    public async Task A_stream_beyond_the_limit_of_its_address_is_told_when_to_come_back()
    {
        await using var edge = await EdgeServer.StartAsync($"limits: {{ connectionsPerAddress: {Most} }}\n");
        var sockets = new List<RawSocket>();
        for (var number = 0; number < Most; number++)
        {
            sockets.Add(await edge.ConnectAsync());
            await sockets[^1].UntilAsync(frame => RawSocket.Op(frame) == "welcome");
        }

        await RefusedAsync(edge);
        using var answer = await edge.Server.Client.GetAsync("v1/feeds/small/keys/K001");
        Assert.True(answer.IsSuccessStatusCode, "what is no stream is not counted");
        await using (var other = await RawSocket.ConnectAsync(edge.Http, from: Other))
        {
            await other.UntilAsync(frame => RawSocket.Op(frame) == "welcome");
        }

        sockets[0].Abort();
        await edge.Server.MetricsAsync(
            metrics => metrics.Sum("akkafeeds_clients") == Most - 1, "one has gone", TimeSpan.FromSeconds(20));
        using (var stream = await EventStream.OpenAsync(edge.Http, "sub=small:K001"))
        {
            await stream.UntilAsync(each => each.Name == "snapshot");
            await RefusedAsync(edge);
        }

        foreach (var socket in sockets)
        {
            await socket.DisposeAsync();
        }

        await edge.NothingIsLeftAsync();
        await using var again = await edge.ConnectAsync();
        await again.UntilAsync(frame => RawSocket.Op(frame) == "welcome");
        edge.NothingHasFailed();
    }

    private static async Task RefusedAsync(EdgeServer edge)
    {
        await using var refused = await edge.ConnectAsync();
        var (frames, code) = await refused.EndAsync();
        Assert.Equal(4011, code);
        Assert.True(Assert.Single(frames).GetProperty("retryAfter").GetInt64() > 0);
        await using var plain = await RawSocket.ConnectAsync(
            edge.Http, "/v1/ws?sub=small:K001&frames=view", protocol: null);
        Assert.Equal((null, 4011), await plain.NextAsync());
        string[] requests =
        [
            "GET /v1/events?sub=small:K001 HTTP/1.1\r\nConnection: close\r\n",
            "GET /graphql HTTP/1.1\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n",
        ];
        foreach (var request in requests)
        {
            var (status, head, body) = await RawHttp.SendAsync(
                edge.Http, $"{request}Host: {edge.Http.Authority}\r\n\r\n");
            Assert.True(status == 503, $"{request}: {status} {body}");
            Assert.Contains("Retry-After: ", head, StringComparison.Ordinal);
        }
    }
}
