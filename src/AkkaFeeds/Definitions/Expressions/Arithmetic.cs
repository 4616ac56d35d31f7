using AkkaFeeds.Contracts;

namespace AkkaFeeds.Definitions.Expressions;

/// <summary>
/// <c>+ - * / %</c>. Whole numbers stay whole and checked, except under <c>/</c>; a missing or null operand makes the
/// result absent.
/// </summary>
internal static class Arithmetic
{
    /// <summary>The kinds that <paramref name="symbol"/> takes on either side.</summary>
    public static Kinds Wanted(string symbol) => symbol switch
    {
        "+" => Kinds.Number | Kinds.String | Kinds.Time | Kinds.Duration | Kinds.Json,
        "-" => Kinds.Number | Kinds.Time | Kinds.Duration,
        _ => Kinds.Number,
    };

    /// <summary>The kinds of the result.</summary>
    public static Kinds Result(string symbol, Kinds left, Kinds right)
    {
        if (symbol == "/")
        {
            return Kinds.Double;
        }

        var result = Kinds.None;
        if ((left & Kinds.Number) != 0 && (right & Kinds.Number) != 0)
        {
            var longs = (left & Kinds.Long) != 0 && (right & Kinds.Long) != 0;
            var doubles = ((left | right) & Kinds.Double) != 0;
            result |= (longs ? Kinds.Long : 0) | (doubles ? Kinds.Double : 0);
        }

        if (symbol == "+")
        {
            result |= left & right & (Kinds.String | Kinds.Duration | Kinds.Json);
            result |= ((left & Kinds.Time) != 0 && (right & Kinds.Duration) != 0)
                || ((left & Kinds.Duration) != 0 && (right & Kinds.Time) != 0) ? Kinds.Time : 0;
        }
        else if (symbol == "-")
        {
            result |= left & right & Kinds.Duration;
            result |= (left & right & Kinds.Time) != 0 ? Kinds.Duration : 0;
            result |= (left & Kinds.Time) != 0 && (right & Kinds.Duration) != 0 ? Kinds.Time : 0;
        }

        return result;
    }

    /// <summary>Whether some operands of these kinds make it fail.</summary>
    public static bool CanFail(string symbol, Kinds left, Kinds right) =>
        !left.Within(Kinds.Number) || !right.Within(Kinds.Number)
        || (symbol is "+" or "-" or "*" && (left & Kinds.Long) != 0 && (right & Kinds.Long) != 0);

    public static Evaluate Compile(string symbol, Code left, Code right)
    {
        var a = left.Evaluate;
        var b = right.Evaluate;
        var texts = (left.Text, right.Text);
        return symbol switch
        {
            "+" => (ref Scope scope) =>
            {
                var x = a(ref scope);
                return x.HasValue ? Add(x, b(ref scope), texts, ref scope) : default;
            },
            "-" => (ref Scope scope) =>
            {
                var x = a(ref scope);
                return x.HasValue ? Subtract(x, b(ref scope), texts, ref scope) : default;
            },
            "*" => (ref Scope scope) =>
            {
                var x = a(ref scope);
                return x.HasValue ? Multiply(x, b(ref scope), texts, ref scope) : default;
            },
            "/" => (ref Scope scope) =>
            {
                var x = a(ref scope);
                return x.HasValue ? Divide(x, b(ref scope), texts, ref scope) : default;
            },
            _ => (ref Scope scope) =>
            {
                var x = a(ref scope);
                return x.HasValue ? Remainder(x, b(ref scope), texts, ref scope) : default;
            },
        };
    }

    /// <summary>The number as a double.</summary>
    public static double ToDouble(in Value number) => number.IsLong ? number.AsLong : number.AsDouble;

    public static bool IsNumber(in Value value) => value.IsLong || value.IsDouble;

    public static Value Negate(in Value x, string text, ref Scope scope)
    {
        if (!x.HasValue)
        {
            return default;
        }

        switch (x.Kind)
        {
            case ValueKind.Long when x.AsLong == long.MinValue:
                return Overflow("-", text, ref scope);
            case ValueKind.Long:
                return Value.Of(-x.AsLong);
            case ValueKind.Double:
                return Value.Of(-x.AsDouble);
            case ValueKind.Duration:
                return Value.Duration(-x.AsLong);
            default:
                return scope.FailType(text, x, Kinds.Number | Kinds.Duration);
        }
    }

    private static Value Add(in Value x, in Value y, (string Left, string Right) texts, ref Scope scope)
    {
        if (!y.HasValue)
        {
            return default;
        }

        if (x.IsLong && y.IsLong)
        {
            var sum = unchecked(x.AsLong + y.AsLong);
            return ((x.AsLong ^ sum) & (y.AsLong ^ sum)) < 0 ? Overflow("+", texts.Left, ref scope) : Value.Of(sum);
        }

        if (IsNumber(x) && IsNumber(y))
        {
            return Value.Of(ToDouble(x) + ToDouble(y));
        }

        return (x.Kind, y.Kind) switch
        {
            (ValueKind.String, ValueKind.String) => Value.Of(x.AsString + y.AsString),
            (ValueKind.Json, ValueKind.Json) when JsonOps.IsList(x) && JsonOps.IsList(y) => JsonOps.Concat(x, y),
            (ValueKind.Time, ValueKind.Duration) or (ValueKind.Duration, ValueKind.Time) =>
                Instant(x.AsLong, y.AsLong, "+", texts.Left, ref scope),
            (ValueKind.Duration, ValueKind.Duration) => Span(x.AsLong, y.AsLong, "+", texts.Left, ref scope),
            _ => Mismatch("+", x, y, texts, ref scope),
        };
    }

    private static Value Subtract(in Value x, in Value y, (string Left, string Right) texts, ref Scope scope)
    {
        if (!y.HasValue)
        {
            return default;
        }

        if (x.IsLong && y.IsLong)
        {
            var difference = unchecked(x.AsLong - y.AsLong);
            return ((x.AsLong ^ y.AsLong) & (x.AsLong ^ difference)) < 0
                ? Overflow("-", texts.Left, ref scope)
                : Value.Of(difference);
        }

        if (IsNumber(x) && IsNumber(y))
        {
            return Value.Of(ToDouble(x) - ToDouble(y));
        }

        return (x.Kind, y.Kind) switch
        {
            (ValueKind.Time, ValueKind.Time) => Value.Duration(x.AsLong - y.AsLong),
            (ValueKind.Time, ValueKind.Duration) => Instant(x.AsLong, -y.AsLong, "-", texts.Left, ref scope),
            (ValueKind.Duration, ValueKind.Duration) => Span(x.AsLong, -y.AsLong, "-", texts.Left, ref scope),
            _ => Mismatch("-", x, y, texts, ref scope),
        };
    }

    private static Value Multiply(in Value x, in Value y, (string Left, string Right) texts, ref Scope scope)
    {
        if (!y.HasValue)
        {
            return default;
        }

        if (x.IsLong && y.IsLong)
        {
            var high = Math.BigMul(x.AsLong, y.AsLong, out var low);
            return high == low >> 63 ? Value.Of(low) : Overflow("*", texts.Left, ref scope);
        }

        return IsNumber(x) && IsNumber(y)
            ? Value.Of(ToDouble(x) * ToDouble(y))
            : Mismatch("*", x, y, texts, ref scope);
    }

    private static Value Divide(in Value x, in Value y, (string Left, string Right) texts, ref Scope scope)
    {
        if (!y.HasValue)
        {
            return default;
        }

        // x/0 is infinite or no number, and Value.Of makes both absent.
        return IsNumber(x) && IsNumber(y)
            ? Value.Of(ToDouble(x) / ToDouble(y))
            : Mismatch("/", x, y, texts, ref scope);
    }

    private static Value Remainder(in Value x, in Value y, (string Left, string Right) texts, ref Scope scope)
    {
        if (!y.HasValue)
        {
            return default;
        }

        if (x.IsLong && y.IsLong)
        {
            // The least number by -1 traps in hardware although its remainder is 0.
            return y.AsLong switch
            {
                0 => default,
                -1 => Value.Of(0L),
                _ => Value.Of(x.AsLong % y.AsLong),
            };
        }

        return IsNumber(x) && IsNumber(y)
            ? Value.Of(ToDouble(x) % ToDouble(y))
            : Mismatch("%", x, y, texts, ref scope);
    }

    private static Value Instant(long x, long y, string symbol, string text, ref Scope scope)
    {
        var sum = unchecked(x + y);
        return Times.IsInRange(sum) ? Value.Time(sum) : Overflow(symbol, text, ref scope);
    }

    private static Value Span(long x, long y, string symbol, string text, ref Scope scope)
    {
        var sum = unchecked(x + y);
        return ((x ^ sum) & (y ^ sum)) < 0 ? Overflow(symbol, text, ref scope) : Value.Duration(sum);
    }

    private static Value Overflow(string symbol, string text, ref Scope scope) =>
        scope.Fail(Reasons.Overflow, $"{text} {symbol} ...: the result does not fit");

    private static Value Mismatch(
        string symbol, in Value x, in Value y, (string Left, string Right) texts, ref Scope scope) =>
        scope.Fail(
            Reasons.Type,
            $"{texts.Left} {symbol} {texts.Right}: {texts.Left} is {x.Kind.ToText()}, {texts.Right} is {y.Kind.ToText()}");
}
