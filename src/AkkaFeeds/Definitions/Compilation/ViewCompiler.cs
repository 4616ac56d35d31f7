using AkkaFeeds.Definitions.Aggregates;
using AkkaFeeds.Definitions.Decoding;
using AkkaFeeds.Definitions.Expressions;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Definitions.Compilation;

/// <summary>
/// Compiles a view: its aggregates over the row's columns, its other fields over the view itself, in an order without
/// circles.
/// </summary>
internal sealed class ViewCompiler
{
    private readonly FeedDefinition feed;
    private readonly CompileLimits limits;
    private readonly List<ColumnRef> columns;
    private readonly Action<SourceText, int, string, string> report;
    private readonly Syntax?[] parsed;
    private readonly ViewField?[] fields;
    private readonly Dictionary<string, int> indexes = [];
    private readonly Dictionary<string, int> known = [];
    private readonly List<PlacedAggregate> aggregates = [];
    private readonly List<PlacedAggregate?> hidden = [];
    private readonly List<int> order = [];
    private readonly List<int> open = [];

    public ViewCompiler(
        FeedDefinition feed, CompileLimits limits, List<ColumnRef> columns, Action<SourceText, int, string,
        string> report)
    {
        this.feed = feed;
        this.limits = limits;
        this.columns = columns;
        this.report = report;
        parsed = new Syntax?[feed.View.Count];
        fields = new ViewField?[feed.View.Count];
    }

    /// <summary>The program; null where there were errors, which are reported.</summary>
    public ViewProgram? Compile()
    {
        var ok = Parse();
        for (var index = 0; index < parsed.Length; index++)
        {
            if (parsed[index] is CallSyntax { IsMethod: false } call && AggregateNames.Contains(call.Name))
            {
                Direct(index, call);
            }
        }

        for (var index = 0; index < parsed.Length; index++)
        {
            Resolve(index);
        }

        if (!ok || Array.Exists(fields, field => field is null) || hidden.Contains(null))
        {
            return null;
        }

        Depend();
        return new ViewProgram(fields!, aggregates, hidden!, order, columns.Count, feed.Topics, limits.KeyBytes);
    }

    private bool Parse()
    {
        if (feed.View.Count > FieldSet.FieldsMax)
        {
            report(feed.View[0].Value, 0, $"more than {FieldSet.FieldsMax} fields", "make a second feed");
            return false;
        }

        var ok = feed.View.Count > 0;
        for (var index = 0; index < parsed.Length; index++)
        {
            var (name, text) = feed.View[index];
            indexes[name] = index;
            if (!IsName(name))
            {
                ok = false;
                report(text, 0, $"{name} is not a field's name",
                    "letters, digits and _, at most 63, not starting with a digit or _");
            }

            if (!Parser.TryParse(text.Text, out parsed[index], out var error))
            {
                ok = false;
                report(text, error!.Offset, error.Message, error.Suggestion);
            }
            else if (name == ViewField.Star
                && parsed[index] is not CallSyntax { Name: "last" or "first", Arguments: [StarSyntax] })
            {
                ok = false;
                parsed[index] = null;
                report(text, 0, "\"*\" shows the record's own fields", "write \"*\": last(*)");
            }
        }

        return ok;
    }

    private static bool IsName(string name) => name == ViewField.Star
        || (name.Length is >= 1 and <= 63 && char.IsAsciiLetter(name[0])
            && name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_'));

    private void Direct(int index, CallSyntax call)
    {
        var text = feed.View[index].Value;
        if (Factory(text).Make(call) is { } aggregate)
        {
            fields[index] = new ViewField(feed.View[index].Key, aggregate, null, []);
            aggregates.Add(new PlacedAggregate(aggregate, feed.View[index].Key) { Direct = index });
        }

        parsed[index] = null;
    }

    private AggregateFactory Factory(SourceText text) => new(
        text.Text, feed, columns, limits, (offset, problem, suggestion) => report(text, offset, problem, suggestion));

    /// <summary>
    /// The field, compiled with all that it depends on; null where one of them has errors or depends on it.
    /// </summary>
    private ViewField? Resolve(int index)
    {
        if (fields[index] is { } done)
        {
            return done;
        }

        if (parsed[index] is not { } syntax)
        {
            return null;
        }

        var (name, text) = feed.View[index];
        if (open.Contains(index))
        {
            var circle = open.Skip(open.IndexOf(index)).Append(index).Select(item => feed.View[item].Key);
            report(text, 0, $"depends on itself: {string.Join(" -> ", circle)}", "break the circle");
            parsed[index] = null;
            return null;
        }

        open.Add(index);
        var resolver = new ViewResolver(this, text);
        var code = new ExpressionCompiler(text.Text, resolver).Compile(syntax);
        open.Remove(index);
        parsed[index] = null;
        if (resolver.Failed)
        {
            return null;
        }

        order.Add(index);
        return fields[index] = new ViewField(name, null, code, resolver.Inputs);
    }

    private void Depend()
    {
        foreach (var aggregate in aggregates)
        {
            var dependents = default(FieldSet);
            if (aggregate.Direct >= 0)
            {
                dependents.Add(aggregate.Direct);
            }

            // The order puts what a field reads before it, so one pass sees all.
            foreach (var index in order)
            {
                foreach (var input in fields[index]!.Inputs)
                {
                    if (input < fields.Length ? dependents.Contains(input)
                        : ReferenceEquals(hidden[input - fields.Length], aggregate))
                    {
                        dependents.Add(index);
                    }
                }
            }

            aggregate.Dependents = dependents;
        }
    }

    private sealed class ViewResolver(ViewCompiler compiler, SourceText text) : IResolver
    {
        public List<int> Inputs { get; } = [];

        public bool Failed { get; private set; }

        public bool TryResolve(Syntax syntax, out int index, out Kinds kinds)
        {
            index = -1;
            kinds = Kinds.Any;
            switch (syntax)
            {
                case NameSyntax name when compiler.indexes.TryGetValue(name.Name, out index):
                    var field = compiler.Resolve(index);
                    Failed |= field is null;
                    kinds = field?.Kinds ?? Kinds.Any;
                    break;
                case CallSyntax { IsMethod: false } call when AggregateNames.Contains(call.Name):
                    index = Hidden(call, out kinds);
                    break;
                default:
                    return false;
            }

            if (!Inputs.Contains(index))
            {
                Inputs.Add(index);
            }

            return true;
        }

        public void ReportUnknown(Syntax syntax)
        {
            var names = compiler.feed.View.Select(field => field.Key);
            switch (syntax)
            {
                case NameSyntax name:
                    Report(
                        name.Start, $"{name.Name} is not a field of the view; outside aggregates only those can stand",
                        compiler.indexes.Count == 1 ? $"take it into an aggregate, such as last({name.Name})"
                            : Suggest.From(name.Name, names));
                    break;
                case MetaSyntax:
                    Report(syntax.Start, "the record's own stands only inside aggregates", "take it into last(...)");
                    break;
                case CallSyntax call:
                    Report(
                        call.Start, $"there is no function or aggregate {call.Name}",
                        Suggest.From(call.Name, AggregateNames.All.Concat(Functions.Names)));
                    break;
                default:
                    Report(syntax.Start, "* stands for the whole record only in last(*) and first(*)", "name a field");
                    break;
            }
        }

        public void Report(int offset, string problem, string suggestion)
        {
            Failed = true;
            compiler.report(text, offset, problem, suggestion);
        }

        // Equal aggregates inside expressions share one state.
        private int Hidden(CallSyntax call, out Kinds kinds)
        {
            var source = text.Text[call.Start..call.End];
            if (!compiler.known.TryGetValue(source, out var place))
            {
                var aggregate = compiler.Factory(text).Make(call);
                place = compiler.hidden.Count;
                compiler.known.Add(source, place);
                var placed = aggregate is null ? null
                    : new PlacedAggregate(aggregate, compiler.feed.View[compiler.open[^1]].Key);
                compiler.hidden.Add(placed);
                if (placed is not null)
                {
                    compiler.aggregates.Add(placed);
                }
            }

            var found = compiler.hidden[place];
            Failed |= found is null;
            kinds = found?.Aggregate.Kinds ?? Kinds.Any;
            return compiler.fields.Length + place;
        }
    }
}
