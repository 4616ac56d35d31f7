using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Aggregates;
using AkkaFeeds.Definitions.Decoding;
using AkkaFeeds.Definitions.Expressions;

namespace AkkaFeeds.Definitions.Compilation;

/// <summary>
/// Makes aggregates from their calls. Errors are reported at their place, and null stands for what has one.
/// </summary>
internal sealed class AggregateFactory(
    string source, FeedDefinition feed, List<ColumnRef> columns, CompileLimits limits, Action<int, string,
    string> report)
{
    private const int TopMax = 1000;

    public Aggregate? Make(CallSyntax call)
    {
        var arguments = call.Arguments;
        switch (call.Name)
        {
            case "count":
                return Takes(call, 0, 1) ? Count(call) : null;
            case "sum":
                return Number(call) is { } term ? new SumAggregate(term) : null;
            case "avg":
                return Number(call) is { } number ? new AverageAggregate(number) : null;
            case "min" or "max":
                return Takes(call, 1, 1) && OfKinds(call, 0, ExtremeAggregate.Ordered) is { } ordered
                    ? new ExtremeAggregate(ordered, call.Name == "max")
                    : null;
            case "first" or "last":
                return Takes(call, 1, 1) ? new EdgeAggregate(EdgeArgument(arguments[0]), call.Name == "last") : null;
            case "distinct":
                return Takes(call, 1, 1) ? new DistinctAggregate(Compile(arguments[0])) : null;
            case "top":
                return Takes(call, 2, 3) ? Top(call) : null;
            case "where":
                return Takes(call, 2, 2) ? Where(call) : null;
            default:
                report(call.Start, $"{call.Name} is not available in this release",
                    "see docs/language.md for what is");
                return null;
        }
    }

    private CountAggregate? Count(CallSyntax call) => call.Arguments.Count == 0
        ? new CountAggregate(null)
        : Condition(call.Arguments[0]) is { } condition ? new CountAggregate(condition.ToTest()) : null;

    private WhereAggregate? Where(CallSyntax call)
    {
        var condition = Condition(call.Arguments[0]);
        if (call.Arguments[1] is not CallSyntax { IsMethod: false } inner || !AggregateNames.Contains(inner.Name))
        {
            report(call.Arguments[1].Start, "where takes a condition and an aggregate", "write where(cond, count())");
            return null;
        }

        var aggregate = Make(inner);
        return condition is null || aggregate is null ? null : new WhereAggregate(condition.ToTest(), aggregate);
    }

    private TopAggregate? Top(CallSyntax call)
    {
        const Kinds Named = Kinds.Number | Kinds.String | Kinds.Bool | Kinds.Time | Kinds.Duration;
        var item = OfKinds(call, 0, Named);
        var weight = call.Arguments.Count == 3 ? OfKinds(call, 2, Kinds.Number) : null;
        if (call.Arguments[1] is not LiteralSyntax { Value: { IsLong: true, AsLong: >= 1 and <= TopMax } size })
        {
            report(call.Arguments[1].Start, $"top takes how many to show, 1 to {TopMax}", "write top(field, 5)");
            return null;
        }

        return item is null || (call.Arguments.Count == 3 && weight is null)
            ? null
            : new TopAggregate(item, (int)size.AsLong, weight, limits.TopItems);
    }

    private Code? Number(CallSyntax call) => Takes(call, 1, 1) ? OfKinds(call, 0, Kinds.Number) : null;

    private Code? OfKinds(CallSyntax call, int index, Kinds wanted)
    {
        var code = Compile(call.Arguments[index]);
        if (!code.Kinds.Outside(wanted))
        {
            return code;
        }

        report(call.Arguments[index].Start, $"{call.Name} takes {wanted.ToText()}, not {code.Kinds.ToText()}",
            "convert it, or take another field");
        return null;
    }

    private Code? Condition(Syntax syntax)
    {
        var code = Compile(syntax);
        if (!code.Kinds.Outside(Kinds.Bool))
        {
            return code;
        }

        report(syntax.Start, $"a condition is wanted, not {code.Kinds.ToText()}", "compare it with something");
        return null;
    }

    private Code EdgeArgument(Syntax syntax) => syntax is StarSyntax ? WholeRecord() : Compile(syntax);

    private Code WholeRecord()
    {
        var column = new ColumnRef(ColumnSource.Root);
        var index = columns.IndexOf(column);
        if (index < 0)
        {
            index = columns.Count;
            columns.Add(column);
        }

        return new Code("*", (ref Scope scope) => scope.Values[index], Kinds.Json, false) { Column = index };
    }

    private Code Compile(Syntax syntax) => new ExpressionCompiler(source, new RecordResolver(feed, columns, report))
        .Compile(syntax);

    private bool Takes(CallSyntax call, int least, int most)
    {
        if (call.Arguments.Count >= least && call.Arguments.Count <= most)
        {
            return true;
        }

        var wanted = least == most ? $"{least}" : $"{least} to {most}";
        report(call.Start, $"{call.Name} takes {wanted} argument(s), not {call.Arguments.Count}",
            "see docs/language.md");
        return false;
    }
}
