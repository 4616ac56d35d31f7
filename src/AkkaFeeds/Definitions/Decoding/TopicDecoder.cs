using System.Runtime.CompilerServices;
using System.Text.Unicode;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Compilation;
using AkkaFeeds.Definitions.Expressions;

namespace AkkaFeeds.Definitions.Decoding;

/// <summary>
/// Decodes each record of a topic once for all feeds that read it: the union of the fields in use becomes columns,
/// which the
/// feeds' <see cref="LaneProgram"/>s share. For one thread; the strings that repeat are kept in its cache.
/// </summary>
internal sealed class TopicDecoder
{
    private readonly List<ColumnRef> columns;
    private readonly (ColumnRef Column, int Index)[] facts;
    private readonly string format;
    private readonly FieldNode fields;
    private readonly CsvDecoder? csv;
    private readonly StringCache strings = new();

    private TopicDecoder(IReadOnlyList<CompiledFeed> feeds)
    {
        var first = feeds[0].Definition;
        format = first.Format;
        columns = [.. feeds.SelectMany(feed => feed.LaneColumns.Concat(feed.RowColumns)).Distinct()];
        facts = [.. columns.Select((column, index) => (column, index))
            .Where(pair => pair.column.Source is not (ColumnSource.Field or ColumnSource.Root))];
        fields = FieldNode.Build(columns, column => feeds.All(feed => IsTimeOnly(feed, column)));
        csv = format == "csv" ? new CsvDecoder(columns, first.Columns) : null;
    }

    /// <summary>Whether a feed asks for headers, which have to be kept for it.</summary>
    public bool WantsHeaders => columns.Exists(column => column.Source == ColumnSource.Header);

    /// <summary>How many columns <see cref="TryDecode"/> fills.</summary>
    public int Width => columns.Count;

    /// <summary>
    /// Makes the decoder of a topic's feeds, at least one. Feeds that name one topic with different formats or
    /// columns need a
    /// decoder each; <see cref="CanShare"/> tells.
    /// </summary>
    public static TopicDecoder Create(IReadOnlyList<CompiledFeed> feedsOfTheTopic) => new(feedsOfTheTopic);

    /// <summary>Whether two feeds read their records by the same format and columns.</summary>
    public static bool CanShare(FeedDefinition left, FeedDefinition right) =>
        left.Format == right.Format && (left.Columns ?? []).SequenceEqual(right.Columns ?? []);

    /// <summary>
    /// Fills <paramref name="values"/> (of <see cref="Width"/>) from a record. False where the value is not of the
    /// topic's format;
    /// then <paramref name="problem"/> says how. A null value decodes: its fields are absent.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryDecode(in RecordFacts record, Span<Value> values, out string? problem)
    {
        values.Clear();
        foreach (var (column, index) in facts)
        {
            values[index] = FactOf(record, column);
        }

        problem = record.HasValue ? Decode(record.Value, values) : null;
        return problem is null;
    }

    /// <summary>The column's place; the column is one of the feeds'.</summary>
    public int IndexOf(ColumnRef column) => columns.IndexOf(column);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsTimeOnly(CompiledFeed feed, ColumnRef column) =>
        !feed.RowColumns.Contains(column)
        && (column.Equals(feed.Lane.TimeField) || !feed.LaneColumns.Contains(column));

    private string? Decode(ReadOnlySpan<byte> value, Span<Value> values)
    {
        if (!Utf8.IsValid(value))
        {
            return "not well-formed UTF-8";
        }

        if (format == "json")
        {
            var scanner = new JsonScanner(value, values, strings);
            return scanner.TryRead(fields) ? null : NotJson(value, scanner.Position);
        }

        if (csv is not null)
        {
            return csv.Read(value, values, strings);
        }

        if (fields.Find("value"u8) is { } field)
        {
            values[field.Column] = Value.Of(strings.Get(value));
        }

        if (fields.Column >= 0)
        {
            values[fields.Column] = JsonOps.Make(false, ["value"], [Value.Of(strings.Get(value))]);
        }

        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Value FactOf(in RecordFacts record, ColumnRef column)
    {
        switch (column.Source)
        {
            case ColumnSource.Key:
                return record.HasKey && Utf8.IsValid(record.Key) ? Value.Of(strings.Get(record.Key)) : default;
            case ColumnSource.Header:
                return record.Headers is { } headers && headers.TryGetLast(column.Path[0], out var value)
                    && Utf8.IsValid(value)
                    ? Value.Of(strings.Get(value))
                    : default;
            case ColumnSource.Timestamp:
                return Times.IsInRange(record.Timestamp) ? Value.Time(record.Timestamp) : default;
            case ColumnSource.Topic:
                return Value.Of(record.Topic);
            case ColumnSource.Partition:
                return Value.Of((long)record.Partition);
            default:
                return Value.Of(record.Offset);
        }
    }

    private static string NotJson(ReadOnlySpan<byte> value, int position)
    {
        var start = value.IndexOfAnyExcept(" \t\r\n"u8);
        if (start < 0)
        {
            return "not JSON: empty";
        }

        return value[start] == '{' ? $"not JSON: at byte {position}" : "not a JSON object";
    }
}
