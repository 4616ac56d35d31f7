namespace AkkaFeeds.Server.Edge;

/// <summary>What requests and frames name of the feeds, checked against the feeds there are.</summary>
internal sealed class FeedChecks(IEnumerable<FeedCard> feeds)
{
    private readonly Dictionary<string, FeedCard> byName =
        feeds.ToDictionary(feed => feed.Name, StringComparer.Ordinal);

    /// <summary>The feeds by name.</summary>
    public IEnumerable<FeedCard> All => byName.Values.OrderBy(feed => feed.Name, StringComparer.Ordinal);

    /// <summary>The feed of that name.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    public FeedCard Feed(string name) => byName.TryGetValue(name, out var feed)
        ? feed
        : throw new ProblemException(
            ProblemCodes.UnknownFeed, $"There is no feed {ShownText.Quote(name)}; /v1/feeds lists those there are.");

    /// <summary>The feed that a raw segment of a path names.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    public FeedCard FeedInPath(string raw) => Feed(PercentText.Decode(raw, plusIsSpace: false) ?? raw);

    /// <summary>Fields, each once, that the feed's view has.</summary>
    /// <exception cref="ProblemException">It lacks one.</exception>
    public static List<string> Fields(FeedCard feed, IEnumerable<string> names)
    {
        var fields = names.Distinct(StringComparer.Ordinal).ToList();
        return fields.Find(field => !feed.HasField(field)) is not { } unknown
            ? fields
            : throw new ProblemException(
                ProblemCodes.UnknownField,
                $"The view of {feed.Name} has no field {ShownText.Quote(unknown)}; it has {FieldNames(feed)}.");
    }

    /// <summary>The field to sort by, and whether the greatest come first.</summary>
    /// <exception cref="ProblemException">The feed's view has no such field.</exception>
    public static (string? Field, bool Descending) Sort(FeedCard feed, string? text)
    {
        if (text is null)
        {
            return (null, false);
        }

        var descending = text.StartsWith('-');
        var field = descending ? text[1..] : text;
        return feed.HasField(field)
            ? (field, descending)
            : throw new ProblemException(
                ProblemCodes.BadSort,
                $"sort is {ShownText.Quote(text)}; give one field, with - before it for the greatest first: "
                + $"{feed.Name} has {FieldNames(feed)}.");
    }

    /// <summary>How many items an answer may have at the most: 1 to 1,000.</summary>
    /// <exception cref="ProblemException">It cannot be so many.</exception>
    public static int Items(string name, long? count) => count switch
    {
        null => FeedEndpoints.AnswerItemsStandard,
        >= 1 and <= FeedEndpoints.AnswerItemsMax => (int)count,
        _ => throw new ProblemException(
            count < 1 ? ProblemCodes.BadFrame : ProblemCodes.Limit,
            $"{name} is {count}; it can be from 1 to {FeedEndpoints.AnswerItemsMax}."),
    };

    private static string FieldNames(FeedCard feed) => string.Join(", ", feed.Fields.Select(field => field.Name));
}
