using System.Text.Json.Nodes;

namespace AkkaFeeds.Server.Edge.Surfaces;

/// <summary>The messages of graphql-transport-ws, as its protocol has them.</summary>
internal static class GraphQlMessageSchemas
{
    private const string Word = "string";
    private const string Members = "object";

    /// <summary>What a client sends: the type of each, with its schema.</summary>
    public static IReadOnlyList<(string Type, string Summary, JsonObject Schema)> FromClient() =>
    [
        Of("connection_init", "First, within 10 s.", [("payload", Kind(Members), false)]),
        Of("ping", "Answered by pong.", [("payload", Kind(Members), false)]),
        Of("pong", "Answers ping.", [("payload", Kind(Members), false)]),
        Of("subscribe", "An operation: a query, or a subscription.",
            [("id", Id(), true), ("payload", Query(), true)]),
        Of("complete", "The operation is to end.", [("id", Id(), true)]),
    ];

    /// <summary>What the server sends.</summary>
    public static IReadOnlyList<(string Type, string Summary, JsonObject Schema)> FromServer() =>
    [
        Of("connection_ack", "The connection is open.", []),
        Of("pong", "Answers ping.", []),
        Of("next", "A result: the view whole, at each change.",
            [("id", Id(), true), ("payload", Kind(Members), true)]),
        Of("error", "The operation has failed, and is over.", [("id", Id(), true), ("payload", Errors(), true)]),
        Of("complete", "The operation is over.", [("id", Id(), true)]),
    ];

    /// <summary>An operation, as <c>POST /graphql</c> takes it, too.</summary>
    public static JsonObject Query() => new()
    {
        ["type"] = Members,
        ["required"] = new JsonArray("query"),
        ["properties"] = new JsonObject
        {
            ["query"] = Kind(Word),
            ["variables"] = Kind(Members),
            ["operationName"] = Kind(Word),
        },
    };

    private static (string Type, string Summary, JsonObject Schema) Of(
        string type, string summary, (string Name, JsonObject Schema, bool IsRequired)[] members)
    {
        var properties = new JsonObject { ["type"] = new JsonObject { ["const"] = type } };
        var required = new JsonArray("type");
        foreach (var (name, schema, isRequired) in members)
        {
            properties[name] = schema;
            if (isRequired)
            {
                required.Add(name);
            }
        }

        return (type, summary, new JsonObject
        {
            ["description"] = summary,
            ["type"] = Members,
            ["properties"] = properties,
            ["required"] = required,
        });
    }

    private static JsonObject Id() => new() { ["type"] = Word, ["minLength"] = 1, ["maxLength"] = 128 };

    private static JsonObject Errors() => new() { ["type"] = "array", ["items"] = Kind(Members), ["minItems"] = 1 };

    private static JsonObject Kind(string type) => new() { ["type"] = type };
}
