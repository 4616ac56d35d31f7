using AkkaFeeds.Contracts;

namespace AkkaFeeds.Definitions.Expressions;

/// <summary>A compiled expression.</summary>
internal sealed class Code
{
    private readonly Test? test;

    public Code(string text, Evaluate evaluate, Kinds kinds, bool canFail, Test? test = null)
    {
        Text = text;
        Evaluate = evaluate;
        Kinds = kinds;
        CanFail = canFail;
        this.test = test;
    }

    /// <summary>The source text, which names the value in messages.</summary>
    public string Text { get; }

    public Evaluate Evaluate { get; }

    /// <summary>The kinds that the result can have.</summary>
    public Kinds Kinds { get; }

    /// <summary>Whether some input makes it fail; where not, nobody needs to check.</summary>
    public bool CanFail { get; }

    /// <summary>The bound value's place, or -1 where this is not just a name.</summary>
    public int Column { get; init; } = -1;

    /// <summary>The value, where it is the same for every record.</summary>
    public Value? Constant { get; init; }

    /// <summary>The members of an object literal with names known beforehand, or null.</summary>
    public IReadOnlyList<KeyValuePair<string, Code>>? Members { get; init; }

    /// <summary>Whether using it as a condition can fail.</summary>
    public bool ConditionCanFail => CanFail || !Kinds.Within(Kinds.Bool);

    /// <summary>The expression as a condition.</summary>
    public Test ToTest()
    {
        if (test is not null)
        {
            return test;
        }

        var evaluate = Evaluate;
        var text = Text;
        return (ref Scope scope) =>
        {
            var value = evaluate(ref scope);
            if (value.Kind == ValueKind.Bool)
            {
                return value.AsBool;
            }

            if (value.HasValue)
            {
                scope.FailType(text, value, Kinds.Bool);
            }

            return false;
        };
    }

    /// <summary>A constant.</summary>
    public static Code Of(string text, Value value) =>
        new(text, (ref Scope _) => value, value.Kind.ToKinds(), false) { Constant = value };

    /// <summary>A condition, whose value is never absent unless it failed.</summary>
    public static Code OfTest(string text, Test test, bool canFail) =>
        new(text, Wrap(test), Kinds.Bool, canFail, test);

    private static Evaluate Wrap(Test test) => (ref Scope scope) =>
    {
        var answer = test(ref scope);
        return scope.Failed ? default : Value.Of(answer);
    };
}
