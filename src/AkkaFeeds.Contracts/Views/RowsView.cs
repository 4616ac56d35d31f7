using System.Buffers;
using System.Collections.Frozen;

namespace AkkaFeeds.Contracts;

/// <summary>
/// A collection at one version, as a relay shows it, with what is encoded of it: once for all who hold the same.
/// Safe for several threads.
/// </summary>
public sealed class RowsView
{
    private readonly Lock gate = new();
    private readonly FrozenDictionary<string, Row> rows;
    private byte[]? whole;
    private (RowsView Held, byte[]? Frame)? delta;

    /// <summary>Makes a version.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="epoch">The incarnation of the collection.</param>
    /// <param name="version">Counts its changes, from 1.</param>
    /// <param name="rows">The rows in order.</param>
    /// <param name="total">How many keys match, before the cut.</param>
    /// <param name="at">The newest <c>created</c> instant among the rows, Unix ms.</param>
    public RowsView(string feed, string epoch, long version, IReadOnlyList<Row> rows, long total, long at)
    {
        Feed = feed;
        Epoch = epoch;
        Version = version;
        Order = [.. rows.Select(row => row.Key)];
        this.rows = rows.ToFrozenDictionary(row => row.Key, StringComparer.Ordinal);
        Total = total;
        At = at;
    }

    /// <summary>The feed.</summary>
    public string Feed { get; }

    /// <summary>The incarnation of the collection.</summary>
    public string Epoch { get; }

    /// <summary>Counts its changes, from 1.</summary>
    public long Version { get; }

    /// <summary>The keys in order.</summary>
    public IReadOnlyList<string> Order { get; }

    /// <summary>How many keys match, before the cut.</summary>
    public long Total { get; }

    /// <summary>The newest <c>created</c> instant among the rows, Unix ms.</summary>
    public long At { get; }

    /// <summary>The row of a key, or null.</summary>
    public Row? Find(string key) => rows.GetValueOrDefault(key);

    /// <summary>The whole collection, behind op, feed and id.</summary>
    public ReadOnlyMemory<byte> Whole()
    {
        if (whole is not { } known)
        {
            var buffer = new ArrayBufferWriter<byte>(4096);
            RowsFrames.WriteWhole(this, buffer);
            whole = known = buffer.WrittenSpan.ToArray();
        }

        return known;
    }

    /// <summary>What a client lacks that was last sent <paramref name="held"/>; empty for nothing.</summary>
    public ReadOnlyMemory<byte> Since(RowsView held)
    {
        lock (gate)
        {
            if (delta is { } known && ReferenceEquals(known.Held, held))
            {
                return known.Frame;
            }

            var buffer = new ArrayBufferWriter<byte>(1024);
            var frame = RowsFrames.TryWriteDelta(held, this, buffer) ? buffer.WrittenSpan.ToArray() : null;
            delta = (held, frame);
            return frame;
        }
    }

    /// <summary>A row.</summary>
    /// <param name="Key">The key.</param>
    /// <param name="Data">The projected view.</param>
    /// <param name="State">The key's state.</param>
    public sealed record Row(string Key, ViewNode Data, FreshnessState State);
}
