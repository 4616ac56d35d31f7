using System.Text.Json.Nodes;

namespace AkkaFeeds.Server.Edge.Surfaces;

/// <summary>A parameter of queries as the description has it.</summary>
/// <param name="Name">The name in the query.</param>
/// <param name="Text">What it means.</param>
/// <param name="Schema">Its type and range.</param>
/// <param name="IsRequired">Whether it has to be given.</param>
internal sealed record QueryParameter(string Name, string Text, Func<JsonObject> Schema, bool IsRequired = false)
{
    /// <summary>All of them, by the names of <see cref="EdgeRoute.Query"/>.</summary>
    public static IReadOnlyDictionary<string, QueryParameter> All { get; } = new Dictionary<string, QueryParameter>
    {
        ["prefix"] = new("prefix", "Only keys that begin so.", Word),
        ["limit"] = new("limit", "How many at the most.", () => new JsonObject
        {
            ["type"] = "integer",
            ["minimum"] = 1,
            ["maximum"] = FeedEndpoints.AnswerItemsMax,
            ["default"] = FeedEndpoints.AnswerItemsStandard,
        }),
        ["after"] = new(
            "after", "Keys behind this one; of one key the text between the quotes of the ETag held.", Word),
        ["wait"] = new(
            "wait",
            $"How long to wait for a change, such as 20s; {FeedEndpoints.WaitMax.TotalSeconds:0}s at the most.",
            () => new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]+(ms|s|m)$" }),
        ["key"] = new("key", "The key: " + EdgeKeys.Rule, Word, IsRequired: true),
        ["keys"] = new("key", $"Keys, up to {FeedEndpoints.SnapshotsMax}.", Words, IsRequired: true),
        ["fields"] = new("fields", "Fields of the view, by comma.", Word),
        ["sort"] = new("sort", "One field of the view; - before it for the greatest first.", Word),
        ["sub"] = new("sub", "FEED:KEY, as often as wanted.", Words),
        ["rows"] = new("rows", "A feed, for a collection of its keys.", Word),
        ["lastEventId"] = new(
            "lastEventId", "What the header Last-Event-ID says, for clients that cannot set it.", Word),
    };

    private static JsonObject Word() => new() { ["type"] = "string" };

    private static JsonObject Words() => new() { ["type"] = "array", ["items"] = Word() };
}
