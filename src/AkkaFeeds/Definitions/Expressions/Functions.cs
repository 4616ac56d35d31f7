using System.Globalization;
using System.Text.RegularExpressions;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Definitions.Expressions;

/// <summary>
/// The functions of section 4. Each takes its first argument as a method's target too; absent in, absent out.
/// </summary>
internal static class Functions
{
    private const Kinds Sized = Kinds.String | Kinds.Json;
    private const Kinds Convertible = Kinds.Number | Kinds.String | Kinds.Time | Kinds.Duration;

    private static readonly Dictionary<string, Function> All = new()
    {
        ["size"] = new([Sized], Kinds.Long, false, (in Value x, string _, ref Scope _) => Size(x)),
        ["lower"] = new([Kinds.String], Kinds.String, false,
            (in Value x, string _, ref Scope _) => Value.Of(x.AsString.ToLowerInvariant())),
        ["upper"] = new([Kinds.String], Kinds.String, false,
            (in Value x, string _, ref Scope _) => Value.Of(x.AsString.ToUpperInvariant())),
        ["timestamp"] = new([Kinds.String | Kinds.Time | Kinds.Number], Kinds.Time, true, ToTime),
        ["duration"] = new([Kinds.String | Kinds.Duration | Kinds.Number], Kinds.Duration, true, ToDuration),
        ["int"] = new([Convertible], Kinds.Long, true, ToLong),
        ["double"] = new([Kinds.Number | Kinds.String], Kinds.Double, true, ToDouble),
        ["string"] = new([Convertible | Kinds.Bool], Kinds.String, false,
            (in Value x, string _, ref Scope _) => Value.Of(ToText(x))),
        ["startsWith"] = new([Kinds.String, Kinds.String], Kinds.Bool, false, null),
        ["endsWith"] = new([Kinds.String, Kinds.String], Kinds.Bool, false, null),
        ["contains"] = new([Kinds.String, Kinds.String], Kinds.Bool, false, null),
        ["matches"] = new([Kinds.String, Kinds.String], Kinds.Bool, false, null),
    };

    private delegate Value Unary(in Value argument, string text, ref Scope scope);

    /// <summary>The names, for suggestions.</summary>
    public static IEnumerable<string> Names => All.Keys.Append("has");

    public static bool Exists(string name) => All.ContainsKey(name);

    /// <summary>Compiles a call; an error is reported and null returned.</summary>
    public static Code? Compile(
        CallSyntax call, IReadOnlyList<Code> arguments, string text, Action<int, string, string> error)
    {
        var function = All[call.Name];
        if (arguments.Count != function.Parameters.Length)
        {
            error(call.Start, $"{call.Name} takes {function.Parameters.Length} argument(s), not {arguments.Count}",
                "see docs/language.md");
            return null;
        }

        var canFail = function.CanFail;
        for (var index = 0; index < arguments.Count; index++)
        {
            var argument = arguments[index];
            if (argument.Kinds.Outside(function.Parameters[index]))
            {
                error(
                    call.Arguments[index].Start,
                    $"{call.Name} takes {function.Parameters[index].ToText()}, not {argument.Kinds.ToText()}",
                    "convert it, or take another field");
                return null;
            }

            canFail |= argument.CanFail || !argument.Kinds.Within(function.Parameters[index]);
        }

        if (function.Apply is { } apply)
        {
            return new Code(text, One(function.Parameters[0], arguments[0], apply), function.Result, canFail);
        }

        return call.Name == "matches"
            ? Matches(call, arguments, text, canFail, error)
            : new Code(text, Two(call.Name, arguments[0], arguments[1]), Kinds.Bool, canFail);
    }

    /// <summary>A value as text: a number as JSON writes it, a time as RFC 3339.</summary>
    public static string ToText(in Value value) => value.Kind switch
    {
        ValueKind.String => value.AsString,
        ValueKind.Long => value.AsLong.ToString(CultureInfo.InvariantCulture),
        ValueKind.Double => value.AsDouble.ToString(CultureInfo.InvariantCulture),
        ValueKind.Bool => value.AsBool ? "true" : "false",
        ValueKind.Time => Times.Format(value.AsLong),
        ValueKind.Duration => Times.FormatDuration(value.AsLong),
        _ => "",
    };

    private static Evaluate One(Kinds wanted, Code argument, Unary apply)
    {
        var a = argument.Evaluate;
        var name = argument.Text;
        return (ref Scope scope) =>
        {
            var x = a(ref scope);
            if (!x.HasValue)
            {
                return default;
            }

            return x.Kind.ToKinds().Within(wanted) ? apply(x, name, ref scope) : scope.FailType(name, x, wanted);
        };
    }

    private static Evaluate Two(string name, Code left, Code right)
    {
        Func<string, string, bool> apply = name switch
        {
            "startsWith" => static (x, y) => x.StartsWith(y, StringComparison.Ordinal),
            "endsWith" => static (x, y) => x.EndsWith(y, StringComparison.Ordinal),
            _ => static (x, y) => x.Contains(y, StringComparison.Ordinal),
        };
        var (a, b) = (left.Evaluate, right.Evaluate);
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

            if (x.Kind != ValueKind.String)
            {
                return scope.FailType(leftText, x, Kinds.String);
            }

            return y.Kind == ValueKind.String
                ? Value.Of(apply(x.AsString, y.AsString))
                : scope.FailType(rightText, y, Kinds.String);
        };
    }

    // The pattern must be known beforehand: it is compiled once, and its errors belong to the file. The engine is
    // linear in the input, as RE2 is, so no record can make it slow.
    private static Code? Matches(
        CallSyntax call, IReadOnlyList<Code> arguments, string text, bool canFail, Action<int, string, string> error)
    {
        if (arguments[1].Constant is not { Kind: ValueKind.String } pattern)
        {
            error(call.Arguments[1].Start, "the pattern of matches must be a literal", "write it in quotes");
            return null;
        }

        if (!PatternTranslator.TryTranslate(pattern.AsString, out var translated, out var problem))
        {
            error(call.Arguments[1].Start, $"not a pattern: {problem}", "RE2's syntax, see docs/language.md");
            return null;
        }

        try
        {
            var regex = new Regex(translated, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return new Code(
                text,
                One(Kinds.String, arguments[0], (in Value x, string _, ref Scope _) =>
                    Value.Of(regex.IsMatch(x.AsString))),
                Kinds.Bool,
                canFail);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            error(call.Arguments[1].Start, "not a pattern: it is too large to be found in linear time",
                "repeat less, or take several patterns");
            return null;
        }
    }

    private static Value Size(in Value value)
    {
        if (value.Kind == ValueKind.Json)
        {
            return Value.Of(JsonOps.Count(value.AsJson));
        }

        // Characters as CEL counts them: code points.
        var text = value.AsString;
        var pairs = 0;
        for (var index = 1; index < text.Length; index++)
        {
            pairs += char.IsSurrogatePair(text[index - 1], text[index]) ? 1 : 0;
        }

        return Value.Of((long)(text.Length - pairs));
    }

    private static Value ToTime(in Value x, string text, ref Scope scope)
    {
        if (TryToTime(x, out var time))
        {
            return Value.Time(time);
        }

        return scope.Fail(Reasons.Type, $"{text} is not a time: RFC 3339 or Unix ms is wanted");
    }

    /// <summary>The instant that a time, an RFC 3339 string or a number of Unix ms names.</summary>
    public static bool TryToTime(in Value value, out long unixMilliseconds)
    {
        unixMilliseconds = value.AsLong;
        switch (value.Kind)
        {
            case ValueKind.Time:
                return true;
            case ValueKind.String:
                return Times.TryParse(value.AsString, out unixMilliseconds);
            case ValueKind.Long:
                return Times.IsInRange(unixMilliseconds);
            case ValueKind.Double when Math.Abs(value.AsDouble) < 1e15:
                unixMilliseconds = (long)Math.Floor(value.AsDouble);
                return Times.IsInRange(unixMilliseconds);
            default:
                return false;
        }
    }

    private static Value ToDuration(in Value x, string text, ref Scope scope)
    {
        switch (x.Kind)
        {
            case ValueKind.Duration:
                return x;
            case ValueKind.Long:
                return Value.Duration(x.AsLong);
            case ValueKind.Double when Math.Abs(x.AsDouble) < 1e15:
                return Value.Duration((long)x.AsDouble);
            case ValueKind.String when Times.TryParseDuration(x.AsString, out var milliseconds):
                return Value.Duration(milliseconds);
            default:
                return scope.Fail(
                    Reasons.Type, $"{text} is not a duration: such as 1h30m, or milliseconds, is wanted");
        }
    }

    private static Value ToLong(in Value x, string text, ref Scope scope)
    {
        switch (x.Kind)
        {
            case ValueKind.Double when x.AsDouble is >= -9223372036854775808.0 and < 9223372036854775808.0:
                return Value.Of((long)x.AsDouble);
            case ValueKind.Double:
                return scope.Fail(Reasons.Overflow, $"{text} does not fit 64 bits");
            case ValueKind.String:
                return long.TryParse(
                    x.AsString, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    ? Value.Of(number)
                    : scope.Fail(Reasons.Type, $"{text} is not the text of a whole number of 64 bits");
            default:
                return Value.Of(x.AsLong);
        }
    }

    private static Value ToDouble(in Value x, string text, ref Scope scope)
    {
        if (x.Kind != ValueKind.String)
        {
            return Value.Of(Arithmetic.ToDouble(x));
        }

        return double.TryParse(x.AsString, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? Value.Of(number)
            : scope.Fail(Reasons.Type, $"{text} is not the text of a number");
    }

    private sealed record Function(Kinds[] Parameters, Kinds Result, bool CanFail, Unary? Apply);
}
