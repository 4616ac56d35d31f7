namespace AkkaFeeds.Definitions.Decoding;

/// <summary>The names of all aggregates of the language, for messages and suggestions.</summary>
internal static class AggregateNames
{
    public static IReadOnlyList<string> All { get; } =
    [
        "count", "sum", "avg", "min", "max", "first", "last", "distinct", "top", "quantile", "histogram", "rows",
        "over",
        "rate", "series", "where",
    ];

    public static bool Contains(string name) => All.Contains(name);
}
