namespace AkkaFeeds.Contracts;

/// <summary>
/// How an edge reads feeds; answers for the whole cluster from any node. Feed names are known to exist and keys to be
/// possible:
/// the edge has checked both. Each call throws <see cref="NotReadyException"/> when a slot is still recovering its
/// journal
/// after two seconds.
/// </summary>
public interface IFeedReader
{
    /// <summary>What a key shows now.</summary>
    Task<KeySnapshot> ReadAsync(string feed, KeyName key, CancellationToken cancellation);

    /// <summary>
    /// What a key shows as soon as its <see cref="KeySnapshot.Tag"/> differs from <paramref name="tag"/>, or null
    /// when it still
    /// does not after <paramref name="wait"/>.
    /// </summary>
    Task<KeySnapshot?> WaitAsync(string feed, KeyName key, string tag, TimeSpan wait, CancellationToken cancellation);

    /// <summary>Keys of a tenant, by UTF-8 bytes.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="prefix">Only keys that start so; may be empty.</param>
    /// <param name="after">Only keys behind this one; null for the first page.</param>
    /// <param name="limit">How many at the most, 1 to 1,000.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<KeysPage> KeysAsync(
        string feed, string tenant, string prefix, string? after, int limit, CancellationToken cancellation);

    /// <summary>A collection, once: projected, sorted, cut.</summary>
    Task<RowsPage> RowsAsync(string feed, string tenant, RowsQuery query, CancellationToken cancellation);

    /// <summary>
    /// The instant up to which every partition of the feed has been read, Unix ms; 0 before the first contact.
    /// </summary>
    long ReadUntil(string feed);
}

/// <summary>One page of keys.</summary>
/// <param name="Keys">The keys, by UTF-8 bytes.</param>
/// <param name="More">Whether there are more behind the last one.</param>
public sealed record KeysPage(IReadOnlyList<string> Keys, bool More);

/// <summary>What a collection asks for.</summary>
/// <param name="Prefix">Only keys that start so; may be empty.</param>
/// <param name="Fields">The view's fields wanted, checked by the edge; null for all.</param>
/// <param name="SortField">The field to sort by, checked by the edge; null for by key.</param>
/// <param name="Descending">Whether the greatest come first; absent values come last either way.</param>
/// <param name="Limit">How many rows, 1 to 1,000.</param>
public sealed record RowsQuery(
    string Prefix, IReadOnlyList<string>? Fields, string? SortField, bool Descending, int Limit);

/// <summary>A row of a collection.</summary>
/// <param name="Key">The key.</param>
/// <param name="Data">The projected view, one JSON object in UTF-8.</param>
/// <param name="Freshness">The key's state.</param>
public sealed record ViewRow(string Key, ReadOnlyMemory<byte> Data, FreshnessStatus Freshness);

/// <summary>A collection at one instant.</summary>
/// <param name="Epoch">The incarnation of this view of the collection, <c>[A-Za-z0-9._]+</c>.</param>
/// <param name="Version">Counts its changes.</param>
/// <param name="Rows">The rows in order.</param>
/// <param name="Total">How many keys match the prefix, before the cut.</param>
/// <param name="At">The newest <c>created</c> instant among the rows, Unix ms.</param>
public sealed record RowsPage(string Epoch, long Version, IReadOnlyList<ViewRow> Rows, long Total, long At);

/// <summary>A slot is still recovering; the way out is to ask again.</summary>
public sealed class NotReadyException : Exception
{
    /// <inheritdoc/>
    public NotReadyException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public NotReadyException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <inheritdoc/>
    public NotReadyException()
    {
    }
}
