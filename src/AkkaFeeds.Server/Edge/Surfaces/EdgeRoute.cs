namespace AkkaFeeds.Server.Edge.Surfaces;

/// <summary>A request of the edge as its description has it.</summary>
/// <param name="Path">The path, with <c>{parameters}</c>.</param>
/// <param name="Name">The operation's name.</param>
/// <param name="Summary">What it answers.</param>
/// <param name="Query">The names of its query parameters; those of <see cref="QueryParameter.All"/>.</param>
/// <param name="ContentType">Of the answer.</param>
/// <param name="Schema">The name of the answer's schema; null for a stream or a text.</param>
/// <param name="Problems">The codes of its problem documents.</param>
/// <param name="Headers">Of the answer, beside Cache-Control: those of <see cref="AnswerHeader"/>.</param>
/// <param name="Asks">The header that a request may bring; null for none.</param>
internal sealed record EdgeRoute(
    string Path, string Name, string Summary, IReadOnlyList<string> Query, string ContentType, string? Schema,
    IReadOnlyList<string> Problems, IReadOnlyList<string> Headers, string? Asks = null)
{
    private const string Json = "application/json";
    private static readonly string[] Instants = [AnswerHeader.Now, AnswerHeader.Read];
    private static readonly string[] Tagged = [AnswerHeader.ETag, AnswerHeader.Now, AnswerHeader.Read];

    /// <summary>All requests that are read with GET.</summary>
    public static IReadOnlyList<EdgeRoute> All { get; } =
    [
        new("/v1/feeds", "listFeeds", "The feeds, with their fields, topics and promises.", [], Json, "feeds",
            [ProblemCodes.BadFrame], []),
        new("/v1/feeds/{feed}/keys", "listKeys", "Keys of a feed, by UTF-8 bytes.", ["prefix", "limit", "after"], Json,
            "keys", [ProblemCodes.UnknownFeed, ProblemCodes.BadKey, ProblemCodes.Limit, ProblemCodes.NotReady],
            Instants),
        new("/v1/feeds/{feed}/keys/{key}", "readKey", "A key as it is; with after and wait a long poll.",
            ["after", "wait"], Json, "keySnapshot",
            [ProblemCodes.UnknownFeed, ProblemCodes.BadKey, ProblemCodes.BadFrame, ProblemCodes.Limit,
                ProblemCodes.NotReady],
            Tagged, AnswerHeader.IfNoneMatch),
        new("/v1/feeds/{feed}/key", "readAnyKey", "The same, for any key.", ["key", "after", "wait"], Json,
            "keySnapshot",
            [ProblemCodes.UnknownFeed, ProblemCodes.BadKey, ProblemCodes.BadFrame, ProblemCodes.Limit,
                ProblemCodes.NotReady],
            Tagged, AnswerHeader.IfNoneMatch),
        new("/v1/feeds/{feed}/snapshots", "readKeys", "Several keys.", ["keys"], Json, "keySnapshots",
            [ProblemCodes.UnknownFeed, ProblemCodes.BadKey, ProblemCodes.Limit, ProblemCodes.NotReady], Instants),
        new("/v1/feeds/{feed}/rows", "readRows", "A collection, once: projected, sorted, cut.",
            ["prefix", "fields", "sort", "limit"], Json, "rowsPage",
            [ProblemCodes.UnknownFeed, ProblemCodes.UnknownField, ProblemCodes.BadSort, ProblemCodes.Limit,
                ProblemCodes.NotReady],
            Instants),
        new("/v1/feeds/{feed}/status", "readStatus", "How a feed is and has been, for a board.", [], Json,
            "feedStatus", [ProblemCodes.UnknownFeed, ProblemCodes.BadFrame, ProblemCodes.NotReady], []),
        new("/v1/events", "watch", "The frames of keys and of a collection as server-sent events.",
            ["sub", "rows", "prefix", "fields", "sort", "limit", "lastEventId"], "text/event-stream", null,
            [ProblemCodes.BadFrame, ProblemCodes.UnknownFeed, ProblemCodes.BadKey, ProblemCodes.Limit,
                ProblemCodes.Forbidden, ProblemCodes.NotReady],
            [], AnswerHeader.LastEventId),
        new("/v1/schema.json", "readSchema", "The JSON Schema of the frames.", [],
            "application/schema+json", null, [], [AnswerHeader.ETag], AnswerHeader.IfNoneMatch),
        new("/v1/openapi.json", "readOpenApi", "This description.", [], Json, null, [], []),
        new("/v1/asyncapi.json", "readAsyncApi", "The description of the streams.", [], Json, null, [], []),
    ];
}
