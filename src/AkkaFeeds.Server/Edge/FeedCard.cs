namespace AkkaFeeds.Server.Edge;

/// <summary>What the edge knows of a feed: what <c>GET /v1/feeds</c> shows, and what requests are checked
/// against.</summary>
/// <param name="Name">The name.</param>
/// <param name="Key">The key's expression as the file has it; null for the Kafka key.</param>
/// <param name="Fields">The view's fields with their types, in order.</param>
/// <param name="AnyField">Whether the view is the record as it is (<c>"*"</c>), so that its fields are not known
/// before.</param>
/// <param name="Topics">The topics.</param>
/// <param name="Phase">The phase.</param>
/// <param name="SloMilliseconds">The freshness promised; null for none.</param>
/// <param name="Owner">Who owns it.</param>
/// <param name="Contact">How to reach the owner.</param>
/// <param name="Runbook">Where the runbook is.</param>
internal sealed record FeedCard(
    string Name, string? Key, IReadOnlyList<FieldCard> Fields, bool AnyField, IReadOnlyList<string> Topics,
    string Phase, long? SloMilliseconds, string? Owner, string? Contact, string? Runbook)
{
    public bool HasField(string field) =>
        (AnyField && field.Length > 0) || Fields.Any(known => known.Name == field);
}

/// <summary>A field of a view.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type"><c>long</c>, <c>double</c>, <c>string</c>, <c>bool</c>, <c>time</c>, <c>object</c> or
/// <c>any</c>.</param>
internal sealed record FieldCard(string Name, string Type);
