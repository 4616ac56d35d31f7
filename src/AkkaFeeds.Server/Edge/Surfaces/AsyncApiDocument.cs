using System.Text.Json.Nodes;

namespace AkkaFeeds.Server.Edge.Surfaces;

/// <summary>The description of the streams (AsyncAPI 3.0), made from the frames' schema.</summary>
internal static class AsyncApiDocument
{
    // What asks for something over a WebSocket has no event: the request has asked for it.
    private static readonly string[] NoEvents = ["mark", "unsubscribed"];

    // Its messages are apart from frames of the same name.
    private const string GraphQl = "graphql_";

    public static JsonObject Make(SurfaceSchemas schemas, string version)
    {
        var client = schemas.NamesOf("fromClient");
        var server = schemas.NamesOf("fromServer");
        var events = server.Except(NoEvents).ToList();
        var messages = new JsonObject();
        foreach (var name in client.Concat(server))
        {
            var schema = schemas.Frame(name);
            messages[name] = Message(name, (string)schema["description"]!, schema);
        }

        messages["view"] = Message("view", "A key's view, whole.", new JsonObject { ["type"] = "object" });
        var (asked, told) = (GraphQlMessageSchemas.FromClient(), GraphQlMessageSchemas.FromServer());
        foreach (var (type, summary, schema) in asked.Concat(told).DistinctBy(message => message.Type))
        {
            messages[GraphQl + type] = Message(type, summary, schema);
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
            ["channels"] = Channels([.. client.Concat(server)], events),
            ["operations"] = new JsonObject
            {
                ["ask"] = Operation("receive", "webSocket", client),
                ["show"] = Operation("send", "webSocket", server),
                ["showPlain"] = Operation("send", "plain", ["view"]),
                ["showEvents"] = Operation("send", "events", events),
                ["askGraphQl"] = Operation("receive", "graphQl", asked.Select(message => GraphQl + message.Type)),
                ["showGraphQl"] = Operation("send", "graphQl", told.Select(message => GraphQl + message.Type)),
            },
            ["components"] = new JsonObject { ["messages"] = messages },
        };
    }

    private static JsonObject Channels(IReadOnlyList<string> frames, IReadOnlyList<string> events)
    {
        var plain = Channel(
            WebSockets.WebSocketEndpoint.Path,
            "A WebSocket without the subprotocol: each view of the keys asked for, whole, and nothing around it.",
            ["view"]);
        plain["bindings"] = new JsonObject
        {
            ["ws"] = new JsonObject { ["method"] = "GET", ["query"] = PlainQuery(), ["bindingVersion"] = "0.1.0" },
        };
        return new JsonObject
        {
            ["webSocket"] = Channel(
                WebSockets.WebSocketEndpoint.Path,
                $"A WebSocket with the subprotocol {WebSockets.WebSocketEndpoint.Protocol}.", frames),
            ["plain"] = plain,
            ["events"] = Channel(
                "/v1/events", "Server-sent events: the op is the event's name, the frame its data.", events),
            ["graphQl"] = Channel(
                Edge.GraphQl.GraphQlEndpoint.Path,
                $"A WebSocket with the subprotocol {Edge.GraphQl.GraphQlEndpoint.Protocol}: queries and subscriptions.",
                GraphQlMessageSchemas.FromClient().Concat(GraphQlMessageSchemas.FromServer())
                    .Select(message => GraphQl + message.Type).Distinct()),
        };
    }

    private static JsonObject PlainQuery() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["sub"] = new JsonObject
            {
                ["description"] = QueryParameter.All["sub"].Text,
                ["type"] = "array",
                ["items"] = new JsonObject { ["type"] = "string" },
            },
            ["frames"] = new JsonObject { ["const"] = "view" },
        },
        ["required"] = new JsonArray("sub", "frames"),
    };

    private static JsonObject Message(string name, string summary, JsonObject schema) => new()
    {
        ["name"] = name,
        ["summary"] = summary,
        ["contentType"] = "application/json",
        ["payload"] = schema,
    };

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
