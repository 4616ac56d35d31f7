using System.Text.Json.Nodes;

namespace AkkaFeeds.Server.Edge.Surfaces;

/// <summary>The schemas of frames and of HTTP's bodies, all made from the one JSON Schema of the frames.</summary>
/// <param name="json">The schema of the frames.</param>
internal sealed class SurfaceSchemas(byte[] json)
{
    private readonly JsonObject frames = JsonNode.Parse(json)!["$defs"]!.AsObject();

    /// <summary>The frames of one side.</summary>
    /// <param name="side"><c>fromClient</c> or <c>fromServer</c>.</param>
    public IReadOnlyList<string> NamesOf(string side) =>
        [.. frames[side]!["oneOf"]!.AsArray().Select(each => ((string)each!["$ref"]!).Split('/')[^1])];

    /// <summary>The schema of a frame, whole.</summary>
    public JsonObject Frame(string name) => frames[name]!.DeepClone().AsObject();

    /// <summary>The schemas of HTTP's bodies, by name.</summary>
    public JsonObject Bodies() => new()
    {
        ["keySnapshot"] = Without("snapshot", "op"),
        ["keySnapshots"] = ListOf(Without("snapshot", "op")),
        ["rowsPage"] = Without("rows", "op", "id", "base"),
        ["keys"] = Members(new() { ["keys"] = ListOf(Word()), ["next"] = Word() }, "keys"),
        ["feeds"] = Members(new() { ["feeds"] = ListOf(Feed()) }, "feeds"),
        ["feedStatus"] = Status(),
        ["problem"] = Members(
            new()
            {
                ["type"] = new JsonObject { ["enum"] = Words(ProblemCodes.All.Select(code => $"/problems/{code}")) },
                ["title"] = Word(),
                ["status"] = new JsonObject { ["type"] = "integer" },
                ["detail"] = Word(),
            },
            "type", "title", "status", "detail"),
    };

    private static JsonObject Feed() => Members(
        new()
        {
            ["name"] = Word(),
            ["key"] = Word(),
            ["fields"] = ListOf(Members(
                new()
                {
                    ["name"] = Word(),
                    ["type"] = new JsonObject
                    {
                        ["enum"] = Words(["long", "double", "string", "bool", "time", "object", "any"]),
                    },
                },
                "name", "type")),
            ["topics"] = ListOf(Word()),
            ["phase"] = Word(),
            ["slo"] = Word(),
            ["owner"] = Word(),
            ["contact"] = Word(),
            ["runbook"] = Word(),
        },
        "name", "key", "fields", "topics", "phase");

    private static JsonObject Status() => Members(
        new()
        {
            ["feed"] = Word(),
            ["state"] = State(),
            ["reason"] = Word(),
            ["since"] = Number(),
            ["slo"] = Number(),
            ["node"] = Word(),
            ["now"] = Number(),
            ["freshness"] = Members(
                new()
                {
                    ["windowSeconds"] = Number(),
                    ["stages"] = ListOf(Members(
                        new()
                        {
                            ["stage"] = new JsonObject
                            {
                                ["enum"] = Words(["produce", "ingest", "publish", "write", "render"]),
                            },
                            ["count"] = Number(),
                            ["p50"] = Number(),
                            ["p90"] = Number(),
                            ["p99"] = Number(),
                            ["buckets"] = ListOf(Members(
                                new() { ["from"] = Number(), ["to"] = Number(), ["count"] = Number() },
                                "from", "count")),
                        },
                        "stage", "count", "p50", "p90", "p99", "buckets")),
                },
                "windowSeconds", "stages"),
            ["history"] = ListOf(Members(
                new() { ["state"] = State(), ["reason"] = Word(), ["from"] = Number(), ["to"] = Number() },
                "state", "from", "to")),
            ["lanes"] = ListOf(Members(
                new()
                {
                    ["topic"] = Word(),
                    ["partition"] = Number(),
                    ["node"] = Word(),
                    ["position"] = Number(),
                    ["end"] = Number(),
                    ["lag"] = Number(),
                    ["readAt"] = Number(),
                    ["condition"] = Word(),
                },
                "topic", "partition")),
            ["quarantined"] = new JsonObject { ["type"] = "object", ["additionalProperties"] = Number() },
            ["clients"] = Members(
                new()
                {
                    ["connections"] = Number(),
                    ["subscriptions"] = Number(),
                    ["slow"] = Number(),
                    ["slowest"] = ListOf(Members(
                        new()
                        {
                            ["id"] = Word(),
                            ["path"] = Word(),
                            ["waited"] = Number(),
                            ["feeds"] = ListOf(Word()),
                        },
                        "id", "path", "waited", "feeds")),
                },
                "connections", "subscriptions", "slow", "slowest"),
        },
        "feed", "state", "node", "now", "freshness", "history", "lanes", "quarantined", "clients");

    private static JsonObject State() =>
        new() { ["enum"] = Words(["live", "stale", "partial", "rebuilding", "blank"]) };

    private static JsonObject Number() => new() { ["type"] = "number" };

    private JsonObject Without(string frame, params IReadOnlyList<string> members)
    {
        var schema = Frame(frame);
        var required = schema["required"]!.AsArray();
        foreach (var member in members)
        {
            schema["properties"]!.AsObject().Remove(member);
            required.Where(each => (string)each! == member).ToList().ForEach(each => required.Remove(each));
        }

        return schema;
    }

    private static JsonObject Members(JsonObject properties, params IReadOnlyList<string> required) => new()
    {
        ["type"] = "object",
        ["properties"] = properties,
        ["required"] = Words(required),
    };

    private static JsonObject ListOf(JsonObject items) => new() { ["type"] = "array", ["items"] = items };

    private static JsonObject Word() => new() { ["type"] = "string" };

    private static JsonArray Words(IEnumerable<string> words) => [.. words.Select(word => (JsonNode)word)];
}
