using System.Text.Json;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>Plain views over a WebSocket: no frames, and all limits of a client.</summary>
public sealed class PlainFormTests
{
    private const int Subscriptions = 4;
    private const int Connections = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_plain_client_is_shown_whole_views_and_counts_as_a_client()
    {
        await using var edge = await EdgeServer.StartAsync(
            $"limits: {{ connections: {Connections}, subscriptions: {Subscriptions}, blankKeys: 1, commands: 50 }}\n");
        await ShownAsync(edge);
        await SubscriptionsAsync(edge);
        await BlankAsync(edge);
        await FloodAsync(edge);
        await edge.NothingIsLeftAsync();
        await ConnectionsAsync(edge);
        await edge.NothingIsLeftAsync();
        edge.NothingHasFailed();
        await GoodbyeAsync(edge);
    }

    private static async Task ShownAsync(EdgeServer edge)
    {
        await using var socket = await PlainAsync(edge, "small:K001", "small:K001", "small:nobody", "raw:K001");
        var views = new List<string> { await NextAsync(socket), await NextAsync(socket) };
        Assert.Contains(await DataAsync(edge, "small", "K001"), views);
        Assert.Contains(await DataAsync(edge, "raw", "K001"), views);
        await CountsAsync(edge, clients: 1, subscriptions: 3);
        Assert.Equal((1, 2, 0), await ClientsAsync(edge, "small"));
        Assert.Equal((1, 1, 0), await ClientsAsync(edge, "raw"));

        // Each change is the whole view again, and no frame stands between.
        edge.Produce("K001");
        views = [await NextAsync(socket), await NextAsync(socket)];
        Assert.Contains(await DataAsync(edge, "small", "K001"), views);
        Assert.Contains(await DataAsync(edge, "raw", "K001"), views);
        await using var framed = await edge.ConnectAsync();
        await framed.SendAsync("""{"op":"subscribe","feed":"small","key":"K002"}""");
        await framed.UntilAsync(frame => RawSocket.Op(frame) == "snapshot");
        Assert.Equal((2, 3, 0), await ClientsAsync(edge, "small"));
        Assert.Equal((1, 1, 0), await ClientsAsync(edge, "raw"));
    }

    private static async Task SubscriptionsAsync(EdgeServer edge)
    {
        var subs = string.Join('&', Enumerable.Range(0, Subscriptions + 1).Select(each => $"sub=small:K00{each}"));
        var (status, _, body) = await RawHttp.SendAsync(
            edge.Http, $"GET /v1/ws?{subs}&frames=view HTTP/1.1\r\nHost: {edge.Http.Authority}\r\n"
            + "Upgrade: websocket\r\nConnection: Upgrade, close\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        Assert.True(status == 429, body);
    }

    // One key without a record is allowed; there is no frame that could refuse the second.
    private static async Task BlankAsync(EdgeServer edge)
    {
        await using var socket = await PlainAsync(edge, "small:nobody", "small:noone");
        Assert.Equal((null, 4009), await socket.NextAsync());
    }

    private static async Task FloodAsync(EdgeServer edge)
    {
        await using var socket = await PlainAsync(edge, "small:K001");
        await NextAsync(socket);
        var sending = socket.SendAsync(
            Enumerable.Repeat(RawSocket.Frame("anything"), 20_000).SelectMany(frame => frame).ToArray());
        Assert.Equal((null, 4009), await socket.NextAsync());
        await sending;
    }

    private static async Task ConnectionsAsync(EdgeServer edge)
    {
        var sockets = new List<RawSocket>();
        for (var number = 0; number < Connections; number++)
        {
            sockets.Add(await PlainAsync(edge, "small:K001"));
            await NextAsync(sockets[^1]);
        }

        await using var refused = await PlainAsync(edge, "small:K001");
        Assert.Equal((null, 4011), await refused.NextAsync());
        foreach (var socket in sockets)
        {
            socket.Abort();
            await socket.DisposeAsync();
        }
    }

    private static async Task GoodbyeAsync(EdgeServer edge)
    {
        await using var socket = await PlainAsync(edge, "small:K001");
        await NextAsync(socket);
        var stopping = edge.Server.Process.StopAsync(Patience);
        Assert.Equal((null, 1001), await socket.NextAsync());
        await stopping;
    }

    private static Task<RawSocket> PlainAsync(EdgeServer edge, params string[] subs) => RawSocket.ConnectAsync(
        edge.Http, $"/v1/ws?{string.Join('&', subs.Select(sub => $"sub={sub}"))}&frames=view", protocol: null);

    private static async Task<string> NextAsync(RawSocket socket)
    {
        var (text, code) = await socket.NextAsync();
        Assert.True(text is not null, $"closed with {code}");
        return text;
    }

    private static async Task<string> DataAsync(EdgeServer edge, string feed, string key)
    {
        using var answer = await edge.Server.Client.KeyAsync(feed, key);
        return answer.RootElement.GetProperty("data").GetRawText();
    }

    private static async Task<(int Connections, int Subscriptions, int Slow)> ClientsAsync(
        EdgeServer edge, string feed)
    {
        using var status = JsonDocument.Parse(await StatusAsync(edge, feed));
        var clients = status.RootElement.GetProperty("clients");
        return (clients.GetProperty("connections").GetInt32(), clients.GetProperty("subscriptions").GetInt32(),
            clients.GetProperty("slow").GetInt32());
    }

    private static async Task<string> StatusAsync(EdgeServer edge, string feed)
    {
        using var answer = await edge.Server.Client.GetAsync($"v1/feeds/{feed}/status");
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task CountsAsync(EdgeServer edge, int clients, int subscriptions) =>
        await edge.Server.MetricsAsync(
            metrics => metrics.Sum("akkafeeds_clients") == clients
                && metrics.Sum("akkafeeds_subscriptions") == subscriptions,
            $"{clients} clients with {subscriptions} subscriptions", Patience);
}
