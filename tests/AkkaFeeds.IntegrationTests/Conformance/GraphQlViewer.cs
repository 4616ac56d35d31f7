using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AkkaFeeds.IntegrationTests.Conformance;

/// <summary>Subscriptions of graphql-transport-ws: an operation a key, and one for the collection.</summary>
internal sealed class GraphQlViewer(Uri http, Watched watched) : Viewer(http, watched)
{
    private const string Rows = "rows";

    protected override async Task ReadAsync(CancellationToken cancellation)
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("graphql-transport-ws");
        using var invoker = SmallBuffers.Invoker();
        await socket.ConnectAsync(
            new UriBuilder(new Uri(Http, "graphql")) { Scheme = "ws" }.Uri, invoker, cancellation);
        await SendAsync(socket, new JsonObject { ["type"] = "connection_init" }, cancellation);
        foreach (var key in Watched.Keys)
        {
            await SendAsync(
                socket, Subscribe($"key {key}", $"subscription {GraphQlText.Key(Watched, key)}"), cancellation);
        }

        if (Watched.Rows is not null)
        {
            await SendAsync(socket, Subscribe(Rows, $"subscription {GraphQlText.Rows(Watched)}"), cancellation);
        }

        while (await WebSocketViewer.MessageAsync(socket, cancellation) is { } text)
        {
            await MayReadAsync();
            using var message = JsonDocument.Parse(text);
            Took(message.RootElement);
        }
    }

    private void Took(JsonElement message)
    {
        var type = message.GetProperty("type").GetString();
        Assert.True(type is "connection_ack" or "next", message.GetRawText());
        if (type == "next")
        {
            var payload = message.GetProperty("payload");
            Assert.False(payload.TryGetProperty("errors", out _), message.GetRawText());
            var result = payload.GetProperty("data").EnumerateObject().First().Value;
            if (message.GetProperty("id").GetString() == Rows)
            {
                Show(GraphQlText.RowsOf(result));
            }
            else if (GraphQlText.KeyOf(result) is { } shown)
            {
                Show(result.GetProperty("key").GetString()!, shown);
            }
        }
    }

    private static JsonObject Subscribe(string id, string query) => new()
    {
        ["id"] = id,
        ["type"] = "subscribe",
        ["payload"] = new JsonObject { ["query"] = query },
    };

    private static Task SendAsync(ClientWebSocket socket, JsonObject message, CancellationToken cancellation) =>
        socket.SendAsync(
            Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true,
            cancellation);
}
