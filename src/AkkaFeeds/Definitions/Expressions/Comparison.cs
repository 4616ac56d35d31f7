using System.Runtime.CompilerServices;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Definitions.Expressions;

/// <summary>
/// <c>== != &lt; &lt;= &gt; &gt;=</c>. Numbers compare by value whatever their form; text by its UTF-8 bytes. Order
/// wants one kind on
/// both sides; equality of different kinds is false, and null is a value to it.
/// </summary>
internal static class Comparison
{
    /// <summary>What can be ordered.</summary>
    public const Kinds Ordered = Kinds.Number | Kinds.String | Kinds.Bool | Kinds.Time | Kinds.Duration;

    /// <summary>Whether some operands of these kinds make an ordering fail.</summary>
    public static bool CanFail(Kinds left, Kinds right) =>
        !(left.Within(Kinds.Number) && right.Within(Kinds.Number))
        && !(left == right && left is Kinds.String or Kinds.Bool or Kinds.Time or Kinds.Duration);

    /// <summary>Whether some pair of kinds from the two sets can be ordered.</summary>
    public static bool IsPossible(Kinds left, Kinds right) =>
        left == Kinds.None || right == Kinds.None
        || ((left & Kinds.Number) != 0 && (right & Kinds.Number) != 0)
        || (left & right & Ordered) != 0;

    public static Code Compile(string symbol, Code left, Code right, string text)
    {
        var isEquality = symbol is "==" or "!=";
        var canFail = left.CanFail || right.CanFail || (!isEquality && CanFail(left.Kinds, right.Kinds));
        var general = isEquality ? Equality(symbol, left, right) : Ordering(symbol, left, right);
        var test = !isEquality && left.Column >= 0 && right.Constant is { IsLong: true } constant
            ? WithConstant(symbol, left, constant.AsLong)
            : null;
        return new Code(text, general, Kinds.Bool, canFail, test);
    }

    /// <summary>
    /// Equality of expressions: numbers by value, objects and lists by content. Both have a value or are null.
    /// </summary>
    public static bool AreEqual(in Value x, in Value y)
    {
        if (Arithmetic.IsNumber(x) && Arithmetic.IsNumber(y))
        {
            return CompareNumbers(x, y) == 0;
        }

        return x.Kind == y.Kind && (x.Kind == ValueKind.Json ? JsonOps.AreEqual(x.AsJson, y.AsJson) : x == y);
    }

    /// <summary>
    /// Exact order of numbers: a double is never rounded to meet a whole number, nor the other way round.
    /// </summary>
    public static int CompareNumbers(in Value x, in Value y)
    {
        if (x.IsLong)
        {
            return y.IsLong ? x.AsLong.CompareTo(y.AsLong) : CompareMixed(x.AsLong, y.AsDouble);
        }

        return y.IsLong ? -CompareMixed(y.AsLong, x.AsDouble) : CompareDoubles(x.AsDouble, y.AsDouble);
    }

    /// <summary>Order of two values of one kind; null where they have none in common.</summary>
    public static int? Compare(in Value x, in Value y)
    {
        if (Arithmetic.IsNumber(x) && Arithmetic.IsNumber(y))
        {
            return CompareNumbers(x, y);
        }

        if (x.Kind != y.Kind)
        {
            return null;
        }

        return x.Kind switch
        {
            ValueKind.String => Utf8Order.Compare(x.AsString, y.AsString),
            ValueKind.Bool or ValueKind.Time or ValueKind.Duration => x.AsLong.CompareTo(y.AsLong),
            _ => null,
        };
    }

    private static int CompareDoubles(double x, double y) => x < y ? -1 : x > y ? 1 : 0;

    private static int CompareMixed(long x, double y)
    {
        if (y >= 9223372036854775808.0)
        {
            return -1;
        }

        if (y < -9223372036854775808.0)
        {
            return 1;
        }

        var whole = (long)y;
        var order = x.CompareTo(whole);
        return order != 0 ? order : CompareDoubles(0, y - whole);
    }

    private static Evaluate Equality(string symbol, Code left, Code right)
    {
        var a = left.Evaluate;
        var b = right.Evaluate;
        var wanted = symbol == "==";
        return (ref Scope scope) =>
        {
            var x = a(ref scope);
            if (x.Kind == ValueKind.Absent)
            {
                return default;
            }

            var y = b(ref scope);
            return y.Kind == ValueKind.Absent ? default : Value.Of(AreEqual(x, y) == wanted);
        };
    }

    private static Evaluate Ordering(string symbol, Code left, Code right)
    {
        var a = left.Evaluate;
        var b = right.Evaluate;
        var (leftText, rightText) = (left.Text, right.Text);
        return (ref Scope scope) =>
        {
            var x = a(ref scope);
            if (!x.HasValue)
            {
                return default;
            }

            var y = b(ref scope);
            if (!y.HasValue)
            {
                return default;
            }

            if (Compare(x, y) is { } order)
            {
                return Value.Of(Holds(symbol, order));
            }

            return scope.Fail(
                Reasons.Type,
                $"{leftText} {symbol} {rightText}: {leftText} is {x.Kind.ToText()}, {rightText} is {y.Kind.ToText()}");
        };
    }

    // A field against a whole number is nearly every condition there is; this one costs a few nanoseconds.
    private static Test WithConstant(string symbol, Code left, long constant)
    {
        var column = left.Column;
        var text = left.Text;
        var boxed = Value.Of(constant);
        Test general = (ref Scope scope) =>
        {
            ref readonly var x = ref scope.Values[column];
            if (x.IsDouble)
            {
                return Holds(symbol, CompareNumbers(x, boxed));
            }

            if (x.HasValue)
            {
                scope.FailType(text, x, Kinds.Number);
            }

            return false;
        };
        return symbol switch
        {
            "<" => [MethodImpl(MethodImplOptions.AggressiveOptimization)] (ref Scope scope) =>
            {
                ref readonly var x = ref scope.Values[column];
                return x.IsLong ? x.AsLong < constant : general(ref scope);
            },
            "<=" => [MethodImpl(MethodImplOptions.AggressiveOptimization)] (ref Scope scope) =>
            {
                ref readonly var x = ref scope.Values[column];
                return x.IsLong ? x.AsLong <= constant : general(ref scope);
            },
            ">" => [MethodImpl(MethodImplOptions.AggressiveOptimization)] (ref Scope scope) =>
            {
                ref readonly var x = ref scope.Values[column];
                return x.IsLong ? x.AsLong > constant : general(ref scope);
            },
            _ => [MethodImpl(MethodImplOptions.AggressiveOptimization)] (ref Scope scope) =>
            {
                ref readonly var x = ref scope.Values[column];
                return x.IsLong ? x.AsLong >= constant : general(ref scope);
            },
        };
    }

    private static bool Holds(string symbol, int order) => symbol switch
    {
        "<" => order < 0,
        "<=" => order <= 0,
        ">" => order > 0,
        _ => order >= 0,
    };
}
