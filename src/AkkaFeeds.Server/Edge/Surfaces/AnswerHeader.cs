using System.Text.Json.Nodes;

namespace AkkaFeeds.Server.Edge.Surfaces;

/// <summary>Headers as the description has them.</summary>
internal static class AnswerHeader
{
    public const string ETag = "ETag";
    public const string Cache = "Cache-Control";
    public const string Now = "AkkaFeeds-Now";
    public const string Read = "AkkaFeeds-Read";
    public const string RetryAfter = "Retry-After";
    public const string Allow = "Allow";
    public const string IfNoneMatch = "If-None-Match";
    public const string LastEventId = "Last-Event-ID";

    private static readonly Dictionary<string, (string Text, string Type)> All = new()
    {
        [ETag] = ("What the answer is, for If-None-Match and, without its quotes, for after.", "string"),
        [Cache] = ("Whether a cache may serve it again without asking, and for how long.", "string"),
        [Now] = ("The server's clock, Unix milliseconds.", "integer"),
        [Read] = ("The instant up to which the feed has been read, Unix milliseconds.", "integer"),
        [RetryAfter] = ("Ask again after so many seconds.", "integer"),
        [Allow] = ("The methods that are served.", "string"),
        [IfNoneMatch] = ("The ETag held: while it still holds, the answer is 304.", "string"),
        [LastEventId] = ("The id of the last event seen: what it says to be held is resumed.", "string"),
    };

    /// <summary>Headers of an answer.</summary>
    public static JsonObject Of(IEnumerable<string> names)
    {
        var headers = new JsonObject();
        foreach (var name in names)
        {
            headers[name] = new JsonObject { ["description"] = All[name].Text, ["schema"] = Schema(name) };
        }

        return headers;
    }

    /// <summary>A header of a request, which may be left out.</summary>
    public static JsonObject Parameter(string name) => new()
    {
        ["name"] = name,
        ["in"] = "header",
        ["required"] = false,
        ["description"] = All[name].Text,
        ["schema"] = Schema(name),
    };

    private static JsonObject Schema(string name) => new() { ["type"] = All[name].Type };
}
