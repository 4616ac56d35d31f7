namespace AkkaFeeds.IntegrationTests.Conformance;

/// <summary>What a client shows of a key, whichever way it came.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="Version">The version.</param>
/// <param name="State">The state.</param>
/// <param name="Reason">Why it is not live; null where it is, or blank.</param>
/// <param name="Data">The canonical spelling of the view; <c>null</c> where there is none.</param>
internal sealed record Shown(string Epoch, long Version, string State, string? Reason, string Data);

/// <summary>What a client shows of a collection.</summary>
/// <param name="Epoch">The collection's epoch.</param>
/// <param name="Version">The collection's version: streams of one node count alike, who polls is told another count.
/// </param>
/// <param name="Order">The keys, in order.</param>
/// <param name="Rows">The canonical spelling of each row.</param>
/// <param name="States">The states of those that are not live.</param>
internal sealed record ShownRows(
    string Epoch, long Version, IReadOnlyList<string> Order, IReadOnlyDictionary<string, string> Rows,
    IReadOnlyDictionary<string, string> States)
{
    /// <summary>The rows as one text.</summary>
    public string Data => string.Join('\n', Order.Select(key => $"{key} {Rows[key]}"));

    /// <summary>The rows and their states as one text.</summary>
    public string Text => string.Join(
        '\n', Order.Select(key => $"{key} {States.GetValueOrDefault(key, "live")} {Rows[key]}"));
}
