using AkkaFeeds.Definitions.Expressions;

namespace AkkaFeeds.Definitions.Decoding;

/// <summary>What a column takes from a record.</summary>
internal enum ColumnSource : byte
{
    Field,
    Root,
    Key,
    Header,
    Timestamp,
    Topic,
    Partition,
    Offset,
}

/// <summary>
/// A part of a record that some expression uses: a path into its value, its value whole, or what stands beside it.
/// </summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Path">The path of a field; the name of a header; else empty.</param>
internal sealed record ColumnRef(ColumnSource Source, params string[] Path)
{
    /// <summary>The kinds that its values can have, for a format whose fields are not all text.</summary>
    public Kinds Kinds => Source switch
    {
        ColumnSource.Field => Kinds.Any,
        ColumnSource.Root => Kinds.Json,
        ColumnSource.Timestamp => Kinds.Time,
        ColumnSource.Partition or ColumnSource.Offset => Kinds.Long,
        _ => Kinds.String,
    };

    public bool Equals(ColumnRef? other) => other is not null && Source == other.Source && Path.AsSpan()
        .SequenceEqual(other.Path);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Source);
        foreach (var part in Path)
        {
            hash.Add(part, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }
}
