namespace AkkaFeeds.IntegrationTests.Conformance;

/// <summary>What a viewer watches.</summary>
/// <param name="Feed">The feed.</param>
/// <param name="Keys">Its keys.</param>
/// <param name="Rows">The collection, as a query of <c>/rows</c>; null for none.</param>
internal sealed record Watched(
    string Feed, IReadOnlyList<string> Keys, IReadOnlyDictionary<string, string>? Rows = null)
{
    /// <summary>The query of the collection.</summary>
    public string RowsQuery => string.Join(
        '&', Rows!.Select(each => $"{each.Key}={Uri.EscapeDataString(each.Value)}"));
}
