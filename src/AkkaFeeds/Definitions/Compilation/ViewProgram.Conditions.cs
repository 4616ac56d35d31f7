using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Expressions;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Definitions.Compilation;

/// <summary>Conditions over a view, for notifications.</summary>
internal sealed partial class ViewProgram
{
    /// <summary>Compiles a condition over the view's fields; null where it has errors, which are reported.</summary>
    public Func<KeyState, bool>? CompileCondition(SourceText text, Action<int, string, string> report)
    {
        if (!Parser.TryParse(text.Text, out var syntax, out var error))
        {
            report(error!.Offset, error.Message, error.Suggestion);
            return null;
        }

        var resolver = new ConditionResolver(fields, report);
        var code = new ExpressionCompiler(text.Text, resolver).Compile(syntax!);
        if (code.Kinds.Outside(Kinds.Bool))
        {
            resolver.Report(0, $"a condition is wanted, not {code.Kinds.ToText()}", "compare it with something");
        }

        if (resolver.Failed)
        {
            return null;
        }

        var test = code.ToTest();
        return state =>
        {
            var values = new Value[fields.Length];
            foreach (var index in resolver.Used)
            {
                values[index] = FieldValue(state, index);
            }

            var scope = new Scope(values);
            return test(ref scope) && !scope.Failed;
        };
    }

    private sealed class ConditionResolver(ViewField[] fields, Action<int, string, string> report) : IResolver
    {
        public HashSet<int> Used { get; } = [];

        public bool Failed { get; private set; }

        public bool TryResolve(Syntax syntax, out int index, out Kinds kinds)
        {
            index = syntax is NameSyntax name ? Array.FindIndex(fields, field => field.Name == name.Name) : -1;
            kinds = index < 0 ? Kinds.Any : fields[index].Kinds;
            if (index >= 0)
            {
                Used.Add(index);
            }

            return index >= 0;
        }

        public void ReportUnknown(Syntax syntax)
        {
            if (syntax is CallSyntax call)
            {
                Report(call.Start, $"there is no function {call.Name}", Suggest.From(call.Name, Functions.Names));
            }
            else
            {
                var name = syntax is NameSyntax known ? known.Name : "this";
                Report(syntax.Start, $"{name} is not a field of the view",
                    Suggest.From(name, fields.Select(field => field.Name)));
            }
        }

        public void Report(int offset, string problem, string suggestion)
        {
            Failed = true;
            report(offset, problem, suggestion);
        }
    }
}
