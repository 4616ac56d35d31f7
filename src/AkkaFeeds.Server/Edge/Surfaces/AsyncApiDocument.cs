using System.Text.Json.Nodes;

namespace AkkaFeeds.Server.Edge.Surfaces;

/// <summary>The description of the streams (AsyncAPI 3.0), made from the frames' schema.</summary>
internal static class AsyncApiDocument
{
    // What asks for something over a WebSocket has no event: the request has asked for it.
    private static readonly string[] NoEvents = ["mark", "unsubscribed"];

    public static JsonObject Make(SurfaceSchemas schemas, string version)
    {
        var client = schemas.NamesOf("fromClient");
        var server = schemas.NamesOf("fromServer");
        var events = server.Except(NoEvents).ToList();
        var messages = new JsonObject();
        foreach (var name in client.Concat(server))
        {
            var schema = schemas.Frame(name);
            messages[name] = new JsonObject
            {
                ["name"] = name,
                ["summary"] = (string?)schema["description"],
                ["contentType"] = "application/json",
                ["payload"] = schema,
            };
        }

        return new JsonObject
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = new JsonObject
            {
                ["title"] = "AkkaFeeds: streams",
                ["version"] = version,
                ["description"] =
                    "The frames of akkafeeds.v1, one JSON object each. A client ignores ops that it does not know.",
            },
            ["defaultContentType"] = "application/json",
            ["channels"] = new JsonObject
            {
                ["webSocket"] = Channel(
                    WebSockets.WebSocketEndpoint.Path,
                    $"A WebSocket with the subprotocol {WebSockets.WebSocketEndpoint.Protocol}.",
                    client.Concat(server)),
                ["events"] = Channel(
                    "/v1/events", "Server-sent events: the op is the event's name, the frame its data.", events),
            },
            ["operations"] = new JsonObject
            {
                ["ask"] = Operation("receive", "webSocket", client),
                ["show"] = Operation("send", "webSocket", server),
                ["showEvents"] = Operation("send", "events", events),
            },
            ["components"] = new JsonObject { ["messages"] = messages },
        };
    }

    private static JsonObject Channel(string address, string text, IEnumerable<string> names)
    {
        var messages = new JsonObject();
        foreach (var name in names)
        {
            messages[name] = new JsonObject { ["$ref"] = $"#/components/messages/{name}" };
        }

        return new JsonObject { ["address"] = address, ["description"] = text, ["messages"] = messages };
    }

    private static JsonObject Operation(string action, string channel, IEnumerable<string> names) => new()
    {
        ["action"] = action,
        ["channel"] = new JsonObject { ["$ref"] = $"#/channels/{channel}" },
        ["messages"] = new JsonArray([.. names.Select(name =>
            (JsonNode)new JsonObject { ["$ref"] = $"#/channels/{channel}/messages/{name}" })]),
    };
}
