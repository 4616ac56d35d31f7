using AkkaFeeds.Definitions.Decoding;
using AkkaFeeds.Definitions.Expressions;

namespace AkkaFeeds.Definitions.Compilation;

/// <summary>
/// The expressions that the lane computes, checked; they are bound to columns once it is known which feeds share a
/// topic.
/// </summary>
internal sealed class LaneSyntax
{
    // What a key, a tenant or an id is made of.
    private const Kinds Named = Kinds.String | Kinds.Long;

    private readonly FeedDefinition feed;
    private readonly Dictionary<string, (SourceText Text, Syntax Syntax)> parsed = [];

    /// <summary>
    /// The field that is the event time as it stands and nothing else of the lane; null where there is none. Its text
    /// need not be kept.
    /// </summary>
    public ColumnRef? TimeField { get; private set; }

    private LaneSyntax(FeedDefinition feed)
    {
        this.feed = feed;
    }

    /// <summary>Parses and checks; the columns in use are added to <paramref name="columns"/>.</summary>
    public static LaneSyntax Parse(
        FeedDefinition feed, List<ColumnRef> columns, Action<SourceText, int, string, string> report)
    {
        var lane = new LaneSyntax(feed);
        lane.Add("where", feed.Where, Kinds.Bool, columns, report);
        lane.Add("key", feed.Key ?? new SourceText("$key", $"feeds.{feed.Name}.key", 0, 0), Named, columns, report);
        lane.Add("tenant", feed.Tenant, Named, columns, report);
        lane.Add("id", feed.Id, Named, columns, report);
        var others = columns.Count;
        var time = lane.Add("time", feed.Time, Kinds.Time | Kinds.String | Kinds.Number, columns, report);
        if (time is { Column: >= 0 } && time.Column >= others && columns[time.Column].Source == ColumnSource.Field)
        {
            lane.TimeField = columns[time.Column];
        }

        if (feed.Id is { } id)
        {
            report(id, 0, "id is not available in this release", "remove it: records then count each for themselves");
        }

        return lane;
    }

    /// <summary>The expression bound to a decoder's columns, or null where the feed has none.</summary>
    public Code? Bind(string name, Func<ColumnRef, int> indexOf)
    {
        if (!parsed.TryGetValue(name, out var entry))
        {
            return null;
        }

        var columns = new List<ColumnRef>();
        var resolver = new RecordResolver(feed, columns, Unexpected);
        return new ExpressionCompiler(entry.Text.Text, new Rebinding(resolver, columns, indexOf))
            .Compile(entry.Syntax);
    }

    private Code? Add(
        string name, SourceText? text, Kinds wanted, List<ColumnRef> columns, Action<SourceText, int, string,
        string> report)
    {
        if (text is null)
        {
            return null;
        }

        if (!Parser.TryParse(text.Text, out var syntax, out var error))
        {
            report(text, error!.Offset, error.Message, error.Suggestion);
            return null;
        }

        var resolver = new RecordResolver(
            feed, columns, (offset, problem, suggestion) => report(text, offset, problem, suggestion));
        var code = new ExpressionCompiler(text.Text, resolver).Compile(syntax!);
        if (code.Kinds.Outside(wanted))
        {
            var isName = wanted == Named;
            var takes = isName ? "a string or a whole number" : wanted.ToText();
            report(text, 0, $"{name} takes {takes}, not {code.Kinds.ToText()}", name == "where"
                ? "compare it with something" : isName ? "write int(...) or string(...)" : "convert it");
        }

        parsed[name] = (text, syntax!);
        return code;
    }

    private static void Unexpected(int offset, string problem, string suggestion) =>
        throw new InvalidOperationException($"An expression that was checked has an error: {problem}.");

    // The same names, at the places that they have in the decoder of the topic.
    private sealed class Rebinding(RecordResolver inner, List<ColumnRef> columns, Func<ColumnRef, int> indexOf)
        : IResolver
    {
        public bool TryResolve(Syntax syntax, out int index, out Kinds kinds)
        {
            if (!inner.TryResolve(syntax, out index, out kinds))
            {
                return false;
            }

            index = indexOf(columns[index]);
            return true;
        }

        public void ReportUnknown(Syntax syntax) => inner.ReportUnknown(syntax);

        public void Report(int offset, string problem, string suggestion) => inner.Report(offset, problem, suggestion);
    }
}
