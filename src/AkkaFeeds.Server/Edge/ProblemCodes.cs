namespace AkkaFeeds.Server.Edge;

/// <summary>The closed set of problem types (product.md, sections 6 and 7), each with its status and title.</summary>
internal static class ProblemCodes
{
    public const string BadFrame = "bad-frame";
    public const string UnknownOp = "unknown-op";
    public const string UnknownFeed = "unknown-feed";
    public const string UnknownField = "unknown-field";
    public const string BadKey = "bad-key";
    public const string BadSort = "bad-sort";
    public const string Limit = "limit";
    public const string Rate = "rate";
    public const string Forbidden = "forbidden";
    public const string NotReady = "not-ready";
    public const string TooLarge = "too-large";
    public const string Internal = "internal";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        BadFrame, UnknownOp, UnknownFeed, UnknownField, BadKey, BadSort, Limit, Rate, Forbidden, NotReady, TooLarge,
        Internal,
    ];

    /// <summary>Whether a word is one of them.</summary>
    public static bool IsKnown(string code) => All.Contains(code);

    public static int StatusOf(string code) => code switch
    {
        BadFrame or BadKey or BadSort or UnknownField => 400,
        Forbidden => 403,
        UnknownFeed or UnknownOp => 404,
        TooLarge => 413,
        Limit or Rate => 429,
        NotReady => 503,
        _ => 500,
    };

    public static string TitleOf(string code) => code switch
    {
        BadFrame => "The request is not understood",
        UnknownOp => "There is no such operation",
        UnknownFeed => "There is no such feed",
        UnknownField => "The feed's view has no such field",
        BadKey => "This cannot be a key",
        BadSort => "The rows cannot be sorted so",
        Limit => "A limit is exceeded",
        Rate => "More was asked in a second than is allowed",
        Forbidden => "This is not allowed",
        NotReady => "Not ready yet",
        TooLarge => "The request is too large",
        _ => "Internal error",
    };
}
