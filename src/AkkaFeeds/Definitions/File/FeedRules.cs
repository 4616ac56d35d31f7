namespace AkkaFeeds.Definitions.Files;

/// <summary>The rules across the values of one feed.</summary>
internal static class FeedRules
{
    public static void Check(FeedDefinition feed, string path, ReadScope scope)
    {
        var (one, several) = ($"{path}.from.topic", $"{path}.from.topics");
        if (scope.Find(one) is null && scope.Find(several) is null)
        {
            if (!scope.IsRefused($"{path}.from"))
            {
                scope.RefuseMissing(
                    scope.Find($"{path}.from") ?? scope.Find(path), one, "write from: { topic: NAME }");
            }
        }
        else if (scope.Find(several) is { } both && scope.Find(one) is not null)
        {
            scope.Refuse(both, several, "stands beside from.topic", "keep one of them");
        }

        var columns = $"{path}.from.columns";
        if (scope.Find(columns) is { } node && feed.Format != "csv" && !scope.IsRefused($"{path}.from.format"))
        {
            scope.Refuse(node, columns, $"format {feed.Format} has no columns", "remove it, or write format: csv");
        }
    }
}
