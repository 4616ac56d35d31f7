using AkkaFeeds.Contracts;

namespace AkkaFeeds.Definitions.Expressions;

/// <summary>Computes a value. A failure is noted in the scope, and the value is then absent.</summary>
internal delegate Value Evaluate(ref Scope scope);

/// <summary>
/// Decides a condition; absent and null count as false. A failure is noted in the scope, and the answer is then
/// false.
/// </summary>
internal delegate bool Test(ref Scope scope);

/// <summary>
/// What an expression is computed over: the values its names were bound to, and the failure, if there was one. A
/// failure is
/// data and not an exception, because a producer that went wrong sends millions of bad records.
/// </summary>
internal ref struct Scope(ReadOnlySpan<Value> values)
{
    public readonly ReadOnlySpan<Value> Values = values;

    /// <summary>One of <see cref="Reasons"/>, or null.</summary>
    public string? Reason;

    /// <summary>What an operator reads.</summary>
    public string? Detail;

    public readonly bool Failed => Reason is not null;

    /// <summary>Notes the failure; the first one stays. Returns absent, so that it can end an expression.</summary>
    public Value Fail(string reason, string detail)
    {
        if (Reason is null)
        {
            Reason = reason;
            Detail = detail;
        }

        return default;
    }

    /// <summary>Notes that <paramref name="text"/> had a kind that is not among <paramref name="wanted"/>.</summary>
    public Value FailType(string text, in Value value, Kinds wanted) =>
        Fail(Reasons.Type, $"{text} is {value.Kind.ToText()}, wanted: {wanted.ToText()}");
}
