using AkkaFeeds.Contracts;

namespace AkkaFeeds.Server.Edge;

/// <summary>What queries and frames ask to be shown, read alike on every way in.</summary>
internal static class SubscriptionText
{
    /// <summary><c>FEED:KEY</c>, split at the first colon: keys may have more of them.</summary>
    /// <exception cref="ProblemException">It names no feed or no possible key.</exception>
    public static (FeedCard Feed, KeyName Key) Key(string sub, FeedChecks feeds)
    {
        var colon = sub.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            ? (feeds.Feed(sub[..colon]), EdgeKeys.FromText(sub[(colon + 1)..]))
            : throw new ProblemException(ProblemCodes.BadFrame, $"sub is {ShownText.Quote(sub)}; give FEED:KEY.");
    }

    /// <summary>A collection by the parameters <c>prefix fields sort limit</c>.</summary>
    /// <exception cref="ProblemException">One of them is bad.</exception>
    public static RowsQuery Rows(FeedCard feed, QueryParameters parameters)
    {
        var limit = parameters.Count("limit", FeedEndpoints.AnswerItemsStandard, FeedEndpoints.AnswerItemsMax);
        var (sort, descending) = FeedChecks.Sort(feed, parameters.Text("sort"));
        var fields = parameters.Text("fields") is { } text ? FeedChecks.Fields(feed, text.Split(',')) : null;
        return new RowsQuery(EdgeKeys.Prefix(parameters.Text("prefix")), fields, sort, descending, limit);
    }
}
