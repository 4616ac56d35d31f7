using AkkaFeeds.Definitions.Compilation;
using AkkaFeeds.Server.Edge;

namespace AkkaFeeds.Server.Config;

/// <summary>Makes what the edge knows of feeds.</summary>
internal static class FeedCards
{
    /// <summary>The one phase of this release: what is read is served.</summary>
    private const string Serving = "serve";

    public static IReadOnlyList<FeedCard> From(IEnumerable<CompiledFeed> feeds) => [.. feeds.Select(From)];

    private static FeedCard From(CompiledFeed feed)
    {
        var freshness = feed.Definition.Freshness;
        return new FeedCard(
            feed.Definition.Name, feed.KeyExpression,
            [.. feed.ViewFields.Where(field => field.Name != "*")
                .Select(field => new FieldCard(field.Name, field.Type))],
            feed.Definition.View.Any(field => field.Key == "*"), feed.Definition.Topics, Serving,
            (long?)freshness.Slo?.TotalMilliseconds, freshness.Owner, freshness.Contact, freshness.Runbook);
    }
}
