namespace AkkaFeeds.Definitions;

/// <summary>A feed as its file says it: settings checked one by one, expressions still text.</summary>
public sealed record FeedDefinition
{
    /// <summary>The name, <c>[a-z][a-z0-9-]{0,62}</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The topics, in the file's order; at least one.</summary>
    public required IReadOnlyList<string> Topics { get; init; }

    /// <summary>
    /// <c>json</c>, <c>csv</c> or <c>text</c> (avro, protobuf, debezium and cloudevents come later).
    /// </summary>
    public string Format { get; init; } = "json";

    /// <summary>The columns of a csv topic; null for c1, c2, ...</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>The key's expression; null for the Kafka key as text.</summary>
    public SourceText? Key { get; init; }

    /// <summary>The tenant's expression; null for the single tenant <c>''</c>.</summary>
    public SourceText? Tenant { get; init; }

    /// <summary>The event time's expression; null for the Kafka timestamp.</summary>
    public SourceText? Time { get; init; }

    /// <summary>The condition; null for every record.</summary>
    public SourceText? Where { get; init; }

    /// <summary>The identity within the key; null for none.</summary>
    public SourceText? Id { get; init; }

    /// <summary>How much older than the newest of its partition a record may be; null for any.</summary>
    public TimeSpan? Late { get; init; }

    /// <summary>How far after its Kafka timestamp an event time may be; null for any.</summary>
    public TimeSpan? Ahead { get; init; }

    /// <summary>Whether the right edge of windows is the server's clock.</summary>
    public bool WallWindows { get; init; }

    /// <summary>How many slots, fixed for a generation; 1 to 1,024.</summary>
    public int Slots { get; init; } = 16;

    /// <summary>The view's fields in order: name and expression.</summary>
    public required IReadOnlyList<KeyValuePair<string, SourceText>> View { get; init; }

    /// <summary>Which counts of its own the view shows: <c>late</c>, <c>corrected</c>.</summary>
    public IReadOnlyList<string> Show { get; init; } = [];

    /// <summary>The service level and whom to call.</summary>
    public FreshnessDefinition Freshness { get; init; } = new();

    /// <summary>The notifications.</summary>
    public IReadOnlyList<NotifyDefinition> Notify { get; init; } = [];
}

/// <summary>A feed's service level.</summary>
public sealed record FreshnessDefinition
{
    /// <summary>How old a view may be; null for no promise.</summary>
    public TimeSpan? Slo { get; init; }

    /// <summary>Whether freshness is measured from the event time instead of the Kafka timestamp.</summary>
    public bool FromEvent { get; init; }

    /// <summary>Who owns the feed.</summary>
    public string? Owner { get; init; }

    /// <summary>How to reach the owner.</summary>
    public string? Contact { get; init; }

    /// <summary>Where the runbook is.</summary>
    public string? Runbook { get; init; }
}

/// <summary>A notification: when it fires, and how often at the most.</summary>
/// <param name="Name">Its name.</param>
/// <param name="When">A condition over the view's fields.</param>
/// <param name="Every">The least time between two for one key.</param>
public sealed record NotifyDefinition(string Name, SourceText When, TimeSpan Every);
