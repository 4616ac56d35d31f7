namespace AkkaFeeds.Contracts;

/// <summary>
/// Rows of one partition for one slot, by ascending offset, as columns: a block costs a handful of arrays whatever
/// its length,
/// and a row costs no object. Never written after it was made; the slots of this node share its arrays.
/// </summary>
public sealed class RowBlock
{
    /// <summary>No rows.</summary>
    public static RowBlock Empty { get; } = new()
    {
        Offsets = [],
        EventTimes = [],
        Timestamps = [],
        Keys = [],
        Fields = [],
        Width = 0,
    };

    /// <summary>
    /// Offsets, ascending; gaps are usual (other slots' rows, filtered records, transaction markers).
    /// </summary>
    public required long[] Offsets { get; init; }

    /// <summary>Event times, Unix milliseconds.</summary>
    public required long[] EventTimes { get; init; }

    /// <summary>Kafka timestamps, Unix milliseconds: when the record was created.</summary>
    public required long[] Timestamps { get; init; }

    /// <summary>The keys; the same instance may stand in many rows.</summary>
    public required KeyName[] Keys { get; init; }

    /// <summary>The view's fields, row by row: field f of row r is at r * <see cref="Width"/> + f.</summary>
    public required Value[] Fields { get; init; }

    /// <summary>How many fields a row has.</summary>
    public required int Width { get; init; }

    /// <summary>The records' identities, where the feed has <c>id</c>; else null.</summary>
    public string[]? Ids { get; init; }

    /// <summary>Which rows take back what their id held, where the feed has <c>id</c>; else null.</summary>
    public bool[]? Retractions { get; init; }

    /// <summary>How many rows.</summary>
    public int Count => Offsets.Length;

    /// <summary>The fields of one row.</summary>
    public ReadOnlySpan<Value> FieldsOf(int row) => Fields.AsSpan(row * Width, Width);
}
