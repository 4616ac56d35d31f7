using AkkaFeeds.Contracts;

namespace AkkaFeeds;

/// <summary>
/// The order of a collection: numbers before strings before the rest, absent last whichever way, then the key by
/// UTF-8 bytes.
/// </summary>
internal sealed class RowOrder(bool descending) : IComparer<(Value Sort, string Key)>
{
    /// <inheritdoc/>
    public int Compare((Value Sort, string Key) x, (Value Sort, string Key) y)
    {
        var rank = Rank(x.Sort).CompareTo(Rank(y.Sort));
        if (rank != 0)
        {
            return rank;
        }

        var order = CompareAlike(x.Sort, y.Sort);
        return order != 0 ? (descending ? -order : order) : Utf8Order.Compare(x.Key, y.Key);
    }

    /// <summary>The best rows of several slots, merged and cut.</summary>
    public static IReadOnlyList<(SlotQueries.SlotRows Part, int Row)> Best(
        IEnumerable<SlotQueries.SlotRows> parts, RowsQuery query) =>
        [.. parts
            .SelectMany(part => part.Rows.Select((row, index) => (
                Part: part,
                Row: index,
                Place: (index < part.SortValues.Count ? part.SortValues[index] : Value.Absent, row.Key))))
            .OrderBy(item => item.Place, new RowOrder(query.Descending))
            .Take(query.Limit)
            .Select(item => (item.Part, item.Row))];

    private static int Rank(Value value) => value.Kind switch
    {
        ValueKind.Long or ValueKind.Double => 0,
        ValueKind.String => 1,
        ValueKind.Time or ValueKind.Duration => 2,
        ValueKind.Bool => 3,
        ValueKind.Json => 4,
        _ => 5,
    };

    private static int CompareAlike(Value x, Value y) => x.Kind switch
    {
        ValueKind.Long or ValueKind.Double => CompareNumbers(x, y),
        ValueKind.String => Utf8Order.Compare(x.AsString, y.AsString),
        ValueKind.Time or ValueKind.Duration or ValueKind.Bool => x.AsLong.CompareTo(y.AsLong),
        ValueKind.Json => x.AsJson.Utf8.Span.SequenceCompareTo(y.AsJson.Utf8.Span),
        _ => 0,
    };

    private static int CompareNumbers(Value x, Value y)
    {
        if (x.IsLong && y.IsLong)
        {
            return x.AsLong.CompareTo(y.AsLong);
        }

        // Above 2^53 a whole number and a double may compare as equal: which of them comes first does not matter to a
        // reader.
        return AsDouble(x).CompareTo(AsDouble(y));
    }

    private static double AsDouble(Value value) => value.IsLong ? value.AsLong : value.AsDouble;
}
