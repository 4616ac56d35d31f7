using AkkaFeeds.Contracts;
using GraphQL;

namespace AkkaFeeds.Server.Edge.GraphQl;

/// <summary>The arguments of GraphQL's fields, checked as HTTP's are.</summary>
internal static class FeedArguments
{
    public static KeyName Key(IResolveFieldContext context) => EdgeKeys.FromText(context.GetArgument<string>("key"));

    public static string Prefix(IResolveFieldContext context) =>
        EdgeKeys.Prefix(context.GetArgument<string?>("prefix"));

    public static RowsQuery Rows(FeedCard feed, IResolveFieldContext context)
    {
        var (sort, descending) = FeedChecks.Sort(feed, context.GetArgument<string?>("sort"));
        return new RowsQuery(Prefix(context), null, sort, descending, Count(context, "limit"));
    }

    public static int Count(IResolveFieldContext context, string name) =>
        FeedChecks.Items(name, context.GetArgument<int?>(name));
}
