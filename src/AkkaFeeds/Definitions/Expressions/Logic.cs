using AkkaFeeds.Contracts;

namespace AkkaFeeds.Definitions.Expressions;

/// <summary>
/// <c>&amp;&amp; || ! ? :</c> as in CEL: either side decides alone where it can, also over a failure of the other;
/// absent counts as false.
/// </summary>
internal static class Logic
{
    public static Code Both(Code left, Code right, string text)
    {
        var a = left.ToTest();
        var b = right.ToTest();
        return Code.OfTest(
            text, (ref Scope scope) => a(ref scope) ? b(ref scope) : scope.Failed && Decide(b, false, ref scope),
            left.ConditionCanFail || right.ConditionCanFail);
    }

    public static Code Either(Code left, Code right, string text)
    {
        var a = left.ToTest();
        var b = right.ToTest();
        return Code.OfTest(text, (ref Scope scope) =>
            a(ref scope) || (scope.Failed ? Decide(b, true, ref scope) : b(ref scope)),
            left.ConditionCanFail || right.ConditionCanFail);
    }

    public static Code Not(Code operand, string text)
    {
        var a = operand.ToTest();
        return Code.OfTest(text, (ref Scope scope) => !a(ref scope) && !scope.Failed, operand.ConditionCanFail);
    }

    public static Code Choose(Code condition, Code then, Code otherwise, string text)
    {
        var test = condition.ToTest();
        var a = then.Evaluate;
        var b = otherwise.Evaluate;
        return new Code(
            text,
            (ref Scope scope) => test(ref scope) ? a(ref scope) : scope.Failed ? default : b(ref scope),
            then.Kinds | otherwise.Kinds,
            condition.ConditionCanFail || then.CanFail || otherwise.CanFail);
    }

    // The left side failed: the right one is asked without that failure, and takes it away only by deciding.
    private static bool Decide(Test right, bool deciding, ref Scope scope)
    {
        var (reason, detail) = (scope.Reason, scope.Detail);
        scope.Reason = null;
        scope.Detail = null;
        var answer = right(ref scope);
        if (!scope.Failed && answer == deciding)
        {
            return deciding;
        }

        scope.Reason = reason;
        scope.Detail = detail;
        return false;
    }
}
