using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Expressions;

namespace AkkaFeeds.Definitions.Decoding;

/// <summary>Binds the names of an expression over a record to columns, and collects the columns in use.</summary>
internal sealed class RecordResolver : IResolver
{
    private readonly FeedDefinition feed;
    private readonly List<ColumnRef> columns;
    private readonly Action<int, string, string> report;

    /// <summary>Binds against <paramref name="columns"/>, which grows by what is not in it.</summary>
    public RecordResolver(FeedDefinition feed, List<ColumnRef> columns, Action<int, string, string> report)
    {
        this.feed = feed;
        this.columns = columns;
        this.report = report;
    }

    /// <summary>
    /// Whether some expression that was bound uses the record's value, not only what stands beside it.
    /// </summary>
    public bool UsesValue { get; private set; }

    public bool TryResolve(Syntax syntax, out int index, out Kinds kinds)
    {
        index = -1;
        kinds = Kinds.Any;
        if (ToColumn(syntax) is not { } column || !IsKnown(column))
        {
            return false;
        }

        UsesValue |= column.Source is ColumnSource.Field or ColumnSource.Root;
        index = columns.IndexOf(column);
        if (index < 0)
        {
            index = columns.Count;
            columns.Add(column);
        }

        kinds = column.Source == ColumnSource.Field && feed.Format is "csv" or "text" ? Kinds.String : column.Kinds;
        return true;
    }

    public void ReportUnknown(Syntax syntax)
    {
        switch (syntax)
        {
            case NameSyntax name:
                report(name.Start, $"the {feed.Format} topic has no column {name.Name}",
                    Suggest.From(name.Name, FieldNames()));
                break;
            case MetaSyntax:
                report(syntax.Start, "$headers is not a value", "write $headers[\"name\"]");
                break;
            case CallSyntax call when AggregateNames.Contains(call.Name):
                report(
                    call.Start, $"{call.Name} is an aggregate; here only the record's fields can stand",
                    "aggregates stand in the view, and only where and over take others inside");
                break;
            case CallSyntax call:
                report(call.Start, $"there is no function {call.Name}", Suggest.From(call.Name, Functions.Names));
                break;
            default:
                report(syntax.Start, "* stands for the whole record only in last(*) and first(*)", "name a field");
                break;
        }
    }

    public void Report(int offset, string problem, string suggestion) => report(offset, problem, suggestion);

    private ColumnRef? ToColumn(Syntax syntax)
    {
        if (Fixed(syntax) is { } known)
        {
            return known;
        }

        // Only JSON has paths; a column of text has no members, which the compiler reports.
        var path = new Stack<string>();
        var current = syntax;
        while (true)
        {
            switch (current)
            {
                case NameSyntax name:
                    path.Push(name.Name);
                    return path.Count == 1 || feed.Format == "json" ? new ColumnRef(ColumnSource.Field, [.. path])
                        : null;
                case SelectSyntax select:
                    path.Push(select.Member);
                    current = select.Target;
                    break;
                case IndexSyntax { Index: LiteralSyntax { Value: { Kind: ValueKind.String } literal } } indexed:
                    path.Push(literal.AsString);
                    current = indexed.Target;
                    break;
                default:
                    return null;
            }
        }
    }

    private static ColumnRef? Fixed(Syntax syntax) => syntax switch
    {
        SelectSyntax { Target: MetaSyntax { Name: "headers" } } header =>
            new ColumnRef(ColumnSource.Header, header.Member),
        IndexSyntax
        {
            Target: MetaSyntax { Name: "headers" },
            Index: LiteralSyntax { Value: { Kind: ValueKind.String } name },
        } => new ColumnRef(ColumnSource.Header, name.AsString),
        MetaSyntax { Name: "key" } => new ColumnRef(ColumnSource.Key),
        MetaSyntax { Name: "timestamp" } => new ColumnRef(ColumnSource.Timestamp),
        MetaSyntax { Name: "topic" } => new ColumnRef(ColumnSource.Topic),
        MetaSyntax { Name: "partition" } => new ColumnRef(ColumnSource.Partition),
        MetaSyntax { Name: "offset" } => new ColumnRef(ColumnSource.Offset),
        _ => null,
    };

    private bool IsKnown(ColumnRef column) => column.Source != ColumnSource.Field
        || feed.Format switch
        {
            "text" => column.Path[0] == "value",
            "csv" => CsvDecoder.ColumnOf(column.Path[0], feed.Columns) >= 0,
            _ => true,
        };

    private IEnumerable<string> FieldNames() => feed.Format == "text" ? ["value"] : feed.Columns ?? ["c1", "c2", "c3"];
}
