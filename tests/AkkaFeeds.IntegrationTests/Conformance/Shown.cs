namespace AkkaFeeds.IntegrationTests.Conformance;

/// <summary>What a client shows of a key, whichever way it came.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="Version">The version.</param>
/// <param name="State">The state.</param>
/// <param name="Reason">Why it is not live; null where it is, or blank.</param>
/// <param name="Data">The canonical spelling of the view; <c>null</c> where there is none.</param>
internal sealed record Shown(string Epoch, long Version, string State, string? Reason, string Data);

/// <summary>What a client shows of a collection.</summary>
/// <param name="Order">The keys, in order.</param>
/// <param name="Rows">The canonical spelling of each row.</param>
internal sealed record ShownRows(IReadOnlyList<string> Order, IReadOnlyDictionary<string, string> Rows)
{
    /// <summary>All of it as one text.</summary>
    public string Text => string.Join('\n', Order.Select(key => $"{key} {Rows[key]}"));
}
