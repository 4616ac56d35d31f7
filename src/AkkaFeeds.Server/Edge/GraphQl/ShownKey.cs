using System.Text.Json;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Server.Edge.GraphQl;

/// <summary>A key as GraphQL shows it.</summary>
/// <param name="Key">The key.</param>
/// <param name="Epoch">The epoch; empty while the slot has not told any.</param>
/// <param name="Version">The version.</param>
/// <param name="State">The state.</param>
/// <param name="Reason">Why; null while live or blank.</param>
/// <param name="At">The newest <c>created</c> instant, Unix ms; null where no record has made the key.</param>
/// <param name="Cause">Why it was sent whole; null for a change, and where it was asked for.</param>
/// <param name="Data">The view; null where no record has made the key.</param>
internal sealed record ShownKey(
    string Key, string Epoch, long Version, string State, string? Reason, long? At, string? Cause, JsonElement? Data)
{
    /// <summary>A key as a query reads it.</summary>
    public static ShownKey Of(KeySnapshot snapshot) => new(
        snapshot.Key.Key, snapshot.Epoch, snapshot.Version, Word(snapshot.Freshness.State), snapshot.Freshness.Reason,
        snapshot.Version == 0 ? null : snapshot.At, null, DataOf(snapshot.Data));

    /// <summary>A row of a collection: its version is the collection's.</summary>
    public static ShownKey Of(RowsPage page, ViewRow row) => new(
        row.Key, page.Epoch, page.Version, Word(row.Freshness.State), row.Freshness.Reason, page.At, null,
        DataOf(row.Data));

    private static string Word(FreshnessState state) => state.ToString().ToLowerInvariant();

    private static JsonElement? DataOf(ReadOnlyMemory<byte> data) =>
        data.IsEmpty ? null : JsonElement.Parse(data.Span, ViewDepth.OfDocuments);
}
