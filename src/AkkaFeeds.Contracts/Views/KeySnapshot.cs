namespace AkkaFeeds.Contracts;

/// <summary>The state of a key, a feed or a screen; the first that holds, in this order.</summary>
public enum FreshnessState : byte
{
    /// <summary>Recovering, replaying, or not yet as far as the log's end that stood at its recovery.</summary>
    Rebuilding,

    /// <summary>No record has made the key.</summary>
    Blank,

    /// <summary>What is shown may be old.</summary>
    Stale,

    /// <summary>Current, but records are known to be missing.</summary>
    Partial,

    /// <summary>Current and whole.</summary>
    Live,
}

/// <summary>A state with its cause.</summary>
/// <param name="State">The state.</param>
/// <param name="Reason">Why, from the closed set of product.md section 6; null while live or blank.</param>
/// <param name="Since">Since when, Unix ms; null while live or blank.</param>
/// <param name="Progress">From 0 to 1 while rebuilding, else null.</param>
/// <param name="Missing">Partitions named, as <c>topic/partition</c>; null where none is.</param>
public sealed record FreshnessStatus(
    FreshnessState State, string? Reason = null, long? Since = null, double? Progress = null,
    IReadOnlyList<string>? Missing = null)
{
    /// <summary>Current and whole.</summary>
    public static FreshnessStatus Live { get; } = new(FreshnessState.Live);

    /// <summary>No record has made the key.</summary>
    public static FreshnessStatus Blank { get; } = new(FreshnessState.Blank);

    /// <summary>Whether another status says the same.</summary>
    public bool IsSame(FreshnessStatus other) => ReferenceEquals(this, other)
        || (this with { Missing = null } == other with { Missing = null }
            && (Missing ?? []).SequenceEqual(other.Missing ?? []));
}

/// <summary>What a client sees of a key at one version.</summary>
/// <param name="Feed">The feed.</param>
/// <param name="Key">The key.</param>
/// <param name="Epoch">The slot's incarnation, <c>[A-Za-z0-9._]+</c>.</param>
/// <param name="Version">Counts the changes of the view; 0 where no record has made the key.</param>
/// <param name="Data">The view as one JSON object in UTF-8; empty where no record has made the key (<c>null</c> on
/// the wire).</param>
/// <param name="At">The newest <c>created</c> instant in the view, Unix ms; 0 where no record has made the
/// key.</param>
/// <param name="Positions">The last offset folded, by partition (or <c>topic index.partition</c>).</param>
/// <param name="Freshness">The state.</param>
public sealed record KeySnapshot(
    string Feed, KeyName Key, string Epoch, long Version, ReadOnlyMemory<byte> Data, long At,
    IReadOnlyList<KeyValuePair<string, long>> Positions, FreshnessStatus Freshness) : IFeedMessage
{
    /// <summary>
    /// The text between the quotes of the ETag: <c>epoch-version</c> while live, else with the state behind it.
    /// </summary>
    public string Tag => Freshness.State == FreshnessState.Live
        ? $"{Epoch}-{Version}"
        : $"{Epoch}-{Version}-{Freshness.State.ToString().ToLowerInvariant()}";
}
