using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaFeeds.Harness;

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
            await SendAsync(socket, Subscribe($"key {key}", Query(key)), cancellation);
        }

        if (Watched.Rows is not null)
        {
            await SendAsync(socket, Subscribe(Rows, RowsQuery()), cancellation);
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
                Show(new ShownRows(
                    [.. result.EnumerateArray().Select(row => row.GetProperty("key").GetString()!)],
                    result.EnumerateArray().ToDictionary(
                        row => row.GetProperty("key").GetString()!, row => DataOf(row.GetProperty("data")))));
            }
            else if (result.GetProperty("epoch").GetString() is { Length: > 0 } epoch)
            {
                Show(result.GetProperty("key").GetString()!, new Shown(
                    epoch, result.GetProperty("version").GetInt64(), result.GetProperty("state").GetString()!,
                    result.GetProperty("reason").GetString(), DataOf(result.GetProperty("data"))));
            }
        }
    }

    // What a view lacks is null here, because the selection names it.
    private static string DataOf(JsonElement data) => data.ValueKind == JsonValueKind.Null ? "null"
        : HeldView.Of(JsonSerializer.SerializeToElement(data.EnumerateObject()
            .Where(field => field.Value.ValueKind != JsonValueKind.Null)
            .ToDictionary(field => field.Name, field => field.Value))).Text;

    private string Name => Watched.Feed.Replace('-', '_');

    private string Query(string key) =>
        $"subscription {{ {Name}(key: {JsonSerializer.Serialize(key)}) {{ key epoch version state reason "
        + $"data {{ {ConformanceServer.FieldsOf(Watched.Feed)} }} }} }}";

    private string RowsQuery()
    {
        var arguments = Watched.Rows!.Select(each =>
            $"{each.Key}: {(each.Key == "limit" ? each.Value : JsonSerializer.Serialize(each.Value))}");
        return $"subscription {{ {Name}_rows({string.Join(", ", arguments)}) {{ key "
            + $"data {{ {ConformanceServer.FieldsOf(Watched.Feed)} }} }} }}";
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
