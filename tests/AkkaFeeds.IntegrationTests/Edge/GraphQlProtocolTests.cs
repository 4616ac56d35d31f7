using System.Net.WebSockets;
using System.Text;
using AkkaFeeds.IntegrationTests.Conformance;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>What breaks graphql-transport-ws ends the connection by the code that the protocol has for it.</summary>
public sealed class GraphQlProtocolTests
{
    private const string Init = """{"type":"connection_init"}""";

    private const string Subscribe =
        """{"id":"1","type":"subscribe","payload":{"query":"subscription{small(key:\"K001\"){key}}"}}""";

    private static readonly (string Name, string[] Messages, int Code)[] Broken =
    [
        ("no JSON", [Init, "nothing"], 4400), ("no object", [Init, "[]"], 4400), ("no type", [Init, "{}"], 4400),
        ("a type of another kind", [Init, """{"type":1}"""], 4400),
        ("an unknown type", [Init, """{"type":"start"}"""], 4400),
        ("a subscribe without an id", [Init, """{"type":"subscribe","payload":{"query":"{a}"}}"""], 4400),
        ("a subscribe without a payload", [Init, """{"id":"1","type":"subscribe"}"""], 4400),
        ("a subscribe before the beginning", [Subscribe], 4401),
        ("an id twice", [Init, Subscribe, Subscribe], 4409),
        ("a second beginning", [Init, Init], 4429),
        ("much at once", [Init, new string('x', 20_000)], 1009),
    ];

    [Fact]
    public async Task Each_breach_has_its_code()
    {
        await using var edge = await EdgeServer.StartAsync();
        foreach (var (name, messages, code) in Broken)
        {
            using var socket = await OpenAsync(edge.Http, "graphql-transport-ws");
            foreach (var message in messages)
            {
                await SendAsync(socket, message);
            }

            Assert.True(await EndAsync(socket) == code, $"{name}: closed with {socket.CloseStatus}, not {code}");
        }

        using (var other = await OpenAsync(edge.Http, null))
        {
            Assert.Equal(4406, await EndAsync(other));
        }

        using var late = await OpenAsync(edge.Http, "graphql-transport-ws");
        Assert.Equal(4408, await EndAsync(late));
        await edge.NothingIsLeftAsync();
        edge.NothingHasFailed();
    }

    [Fact]
    public async Task What_is_completed_is_watched_no_more_and_a_key_watched_twice_is_watched_once()
    {
        await using var edge = await EdgeServer.StartAsync();
        using var socket = await OpenAsync(edge.Http, "graphql-transport-ws");
        await SendAsync(socket, Init);
        await SendAsync(socket, Subscribe);
        await SendAsync(socket, Subscribe.Replace("\"id\":\"1\"", "\"id\":\"2\"", StringComparison.Ordinal));
        await SubscriptionsAsync(edge, 1);
        await SendAsync(socket, """{"id":"1","type":"complete"}""");
        await SendAsync(socket, """{"type":"ping"}""");
        while (!(await TextAsync(socket)).Contains("pong", StringComparison.Ordinal))
        {
        }

        await SubscriptionsAsync(edge, 1);
        await SendAsync(socket, """{"id":"2","type":"complete"}""");
        await SubscriptionsAsync(edge, 0);
        await SendAsync(socket, Subscribe);
        await SubscriptionsAsync(edge, 1);
        edge.NothingHasFailed();
    }

    private static Task SubscriptionsAsync(EdgeServer edge, int count) => edge.Server.MetricsAsync(
        metrics => metrics.Sum("akkafeeds_subscriptions") == count, $"{count} subscriptions",
        TimeSpan.FromSeconds(10));

    private static async Task<ClientWebSocket> OpenAsync(Uri http, string? protocol)
    {
        var socket = new ClientWebSocket();
        if (protocol is not null)
        {
            socket.Options.AddSubProtocol(protocol);
        }

        await socket.ConnectAsync(new UriBuilder(new Uri(http, "graphql")) { Scheme = "ws" }.Uri, default);
        return socket;
    }

    private static Task SendAsync(ClientWebSocket socket, string message) => socket.SendAsync(
        Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private static async Task<string> TextAsync(ClientWebSocket socket) => Encoding.UTF8.GetString(
        (await WebSocketViewer.MessageAsync(socket, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(15)))!);

    private static async Task<int?> EndAsync(ClientWebSocket socket)
    {
        while (await WebSocketViewer.MessageAsync(socket, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(15))
            is not null)
        {
        }

        return (int?)socket.CloseStatus;
    }
}
