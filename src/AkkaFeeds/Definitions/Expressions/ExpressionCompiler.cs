using System.Runtime.CompilerServices;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Definitions.Expressions;

/// <summary>
/// Turns an expression into delegates: one closure a node, with the frequent shapes fused. All errors are reported;
/// what has
/// one is replaced by an absent value, so that the rest is still checked.
/// </summary>
internal sealed class ExpressionCompiler(string source, IResolver resolver)
{
    /// <summary>Compiles <paramref name="syntax"/>; whether it had errors the resolver knows.</summary>
    public Code Compile(Syntax syntax)
    {
        if (resolver.TryResolve(syntax, out var index, out var kinds))
        {
            Evaluate column = [MethodImpl(MethodImplOptions.AggressiveOptimization)]
                (ref Scope scope) => scope.Values[index];
            return new Code(TextOf(syntax), column, kinds, false) { Column = index };
        }

        return syntax switch
        {
            LiteralSyntax literal => Code.Of(TextOf(syntax), literal.Value),
            NameSyntax or MetaSyntax or StarSyntax => Unknown(syntax),
            SelectSyntax select => Select(select),
            IndexSyntax indexed => Index(indexed),
            CallSyntax call => Call(call),
            UnarySyntax unary => Unary(unary),
            BinarySyntax binary => Binary(binary),
            ConditionalSyntax choice => Choose(choice),
            ListSyntax list => List(list),
            MapSyntax map => Map(map),
            _ => Unknown(syntax),
        };
    }

    private string TextOf(Syntax syntax)
    {
        var text = source[syntax.Start..syntax.End];
        return text.Length <= 60 ? text : text[..57] + "...";
    }

    private Code Unknown(Syntax syntax)
    {
        resolver.ReportUnknown(syntax);
        return Nothing(syntax);
    }

    private Code Nothing(Syntax syntax) => new(TextOf(syntax), (ref Scope _) => default, Kinds.Any, false);

    private Code Wrong(Syntax syntax, string problem, string suggestion)
    {
        resolver.Report(syntax.Start, problem, suggestion);
        return Nothing(syntax);
    }

    private Code Unary(UnarySyntax unary)
    {
        var operand = Compile(unary.Operand);
        var text = TextOf(unary);
        if (unary.Operator == "!")
        {
            return operand.Kinds.Outside(Kinds.Bool) ? NotACondition(unary.Operand, operand)
                : Logic.Not(operand, text);
        }

        if (operand.Kinds.Outside(Kinds.Number | Kinds.Duration))
        {
            return Wrong(unary, $"- takes a number or a duration, not {operand.Kinds.ToText()}", "convert it first");
        }

        var a = operand.Evaluate;
        var name = operand.Text;
        var canFail = operand.CanFail || !operand.Kinds.Within(Kinds.Double | Kinds.Duration);
        return new Code(
            text, (ref Scope scope) => Arithmetic.Negate(a(ref scope), name, ref scope),
            operand.Kinds & (Kinds.Number | Kinds.Duration), canFail);
    }

    private Code Binary(BinarySyntax binary)
    {
        if (binary.Operator == "in")
        {
            return In(binary);
        }

        var left = Compile(binary.Left);
        var right = Compile(binary.Right);
        var text = TextOf(binary);
        switch (binary.Operator)
        {
            case "&&" or "||":
                if (left.Kinds.Outside(Kinds.Bool))
                {
                    return NotACondition(binary.Left, left);
                }

                if (right.Kinds.Outside(Kinds.Bool))
                {
                    return NotACondition(binary.Right, right);
                }

                return binary.Operator == "&&" ? Logic.Both(left, right, text) : Logic.Either(left, right, text);
            case "==" or "!=":
                return Comparison.Compile(binary.Operator, left, right, text);
            case "<" or "<=" or ">" or ">=":
                return Comparison.IsPossible(left.Kinds, right.Kinds)
                    ? Comparison.Compile(binary.Operator, left, right, text)
                    : Mismatch(binary, left, right);
            default:
                return Calculate(binary, left, right, text);
        }
    }

    private Code Calculate(BinarySyntax binary, Code left, Code right, string text)
    {
        var symbol = binary.Operator;
        var nothing = left.Kinds == Kinds.None || right.Kinds == Kinds.None;
        var result = Arithmetic.Result(symbol, left.Kinds, right.Kinds);
        var wanted = Arithmetic.Wanted(symbol);
        if (!nothing && (result == Kinds.None || left.Kinds.Outside(wanted) || right.Kinds.Outside(wanted)))
        {
            return Mismatch(binary, left, right);
        }

        var canFail = left.CanFail || right.CanFail || Arithmetic.CanFail(symbol, left.Kinds, right.Kinds);
        return new Code(text, Arithmetic.Compile(symbol, left, right), result, canFail);
    }

    private Code Mismatch(BinarySyntax binary, Code left, Code right) => Wrong(
        binary,
        $"{binary.Operator} has {left.Kinds.ToText()} on its left and {right.Kinds.ToText()} on its right",
        "nothing is converted by itself: use int(), double(), string() or timestamp()");

    private Code NotACondition(Syntax syntax, Code code) => Wrong(
        syntax, $"a condition is wanted, not {code.Kinds.ToText()}", "compare it with something");

    private Code Choose(ConditionalSyntax choice)
    {
        var condition = Compile(choice.Condition);
        var then = Compile(choice.Then);
        var otherwise = Compile(choice.Else);
        return condition.Kinds.Outside(Kinds.Bool)
            ? NotACondition(choice.Condition, condition)
            : Logic.Choose(condition, then, otherwise, TextOf(choice));
    }

    private Code In(BinarySyntax binary)
    {
        var left = Compile(binary.Left);
        var a = left.Evaluate;
        if (binary.Right is ListSyntax list)
        {
            var items = list.Items.Select(Compile).ToArray();
            return new Code(
                TextOf(binary), InItems(a, [.. items.Select(item => item.Evaluate)]), Kinds.Bool,
                left.CanFail || items.Any(item => item.CanFail));
        }

        var right = Compile(binary.Right);
        if (right.Kinds.Outside(Kinds.Json))
        {
            return Wrong(
                binary.Right, $"in takes a list or an object, not {right.Kinds.ToText()}", "write a list: [a, b]");
        }

        var b = right.Evaluate;
        var name = right.Text;
        return new Code(TextOf(binary), (ref Scope scope) =>
        {
            var x = a(ref scope);
            if (x.Kind == ValueKind.Absent)
            {
                return default;
            }

            var y = b(ref scope);
            return !y.HasValue ? default
                : y.Kind == ValueKind.Json ? Value.Of(JsonOps.Contains(y, x))
                : scope.FailType(name, y, Kinds.Json);
        }, Kinds.Bool, left.CanFail || right.CanFail || !right.Kinds.Within(Kinds.Json));
    }

    private static Evaluate InItems(Evaluate left, Evaluate[] items) => (ref Scope scope) =>
    {
        var x = left(ref scope);
        if (x.Kind == ValueKind.Absent)
        {
            return default;
        }

        foreach (var item in items)
        {
            var y = item(ref scope);
            if (scope.Failed)
            {
                return default;
            }

            if (y.Kind != ValueKind.Absent && Comparison.AreEqual(x, y))
            {
                return Value.Of(true);
            }
        }

        return Value.Of(false);
    };

    private Code Select(SelectSyntax select)
    {
        var target = Compile(select.Target);
        return MemberOf(select, target, Code.Of($"'{select.Member}'", Value.Of(select.Member)));
    }

    private Code Index(IndexSyntax indexed) => MemberOf(indexed, Compile(indexed.Target), Compile(indexed.Index));

    private Code MemberOf(Syntax syntax, Code target, Code index)
    {
        if (target.Kinds.Outside(Kinds.Json))
        {
            return Wrong(
                syntax, $"{target.Text} is {target.Kinds.ToText()} and has no members", "take an object or a list");
        }

        if (index.Kinds.Outside(Kinds.Number | Kinds.String))
        {
            return Wrong(
                syntax, $"a member is named by a string or a number, not by {index.Kinds.ToText()}", "convert it");
        }

        var (a, b) = (target.Evaluate, index.Evaluate);
        var (name, indexText) = (target.Text, index.Text);
        return new Code(TextOf(syntax), (ref Scope scope) =>
        {
            var container = a(ref scope);
            var place = container.HasValue ? b(ref scope) : default;
            if (!place.HasValue)
            {
                return default;
            }

            if (container.Kind != ValueKind.Json)
            {
                return scope.FailType(name, container, Kinds.Json);
            }

            return place.Kind switch
            {
                ValueKind.String => JsonOps.Member(container.AsJson, place.AsString),
                ValueKind.Long => JsonOps.Item(container.AsJson, place.AsLong),
                _ => scope.FailType(indexText, place, Kinds.Long | Kinds.String),
            };
        }, Kinds.Any, target.CanFail || index.CanFail || !target.Kinds.Within(Kinds.Json)
            || !index.Kinds.Within(Kinds.Long | Kinds.String));
    }

    private Code Call(CallSyntax call)
    {
        if (call.Name == "has" && !call.IsMethod)
        {
            return Has(call);
        }

        if (!Functions.Exists(call.Name))
        {
            return Unknown(call);
        }

        var arguments = call.Arguments.Select(Compile).ToArray();
        return Functions.Compile(call, arguments, TextOf(call), resolver.Report) ?? Nothing(call);
    }

    private Code Has(CallSyntax call)
    {
        if (call.Arguments is not [NameSyntax or SelectSyntax or IndexSyntax or MetaSyntax])
        {
            return Wrong(call, "has takes one field or path", "write has(a) or has(a.b)");
        }

        var operand = Compile(call.Arguments[0]);
        var a = operand.Evaluate;
        return Code.OfTest(
            TextOf(call), (ref Scope scope) => a(ref scope).Kind != ValueKind.Absent, operand.CanFail);
    }

    private Code List(ListSyntax list)
    {
        var items = list.Items.Select(Compile).ToArray();
        return Composite(list, true, [], items);
    }

    private Code Map(MapSyntax map)
    {
        var names = new List<string>();
        var values = new List<Code>();
        foreach (var (key, value) in map.Members)
        {
            if (Compile(key).Constant is not { Kind: ValueKind.String } name)
            {
                return Wrong(key, "the names of an object's members are strings", "write them in quotes");
            }

            if (names.Contains(name.AsString))
            {
                return Wrong(key, $"the member {name.AsString} stands twice", "remove one");
            }

            names.Add(name.AsString);
            values.Add(Compile(value));
        }

        return Composite(map, false, [.. names], [.. values]);
    }

    private Code Composite(Syntax syntax, bool isList, string[] names, Code[] parts)
    {
        var evaluators = parts.Select(part => part.Evaluate).ToArray();
        var members = isList ? null : names.Zip(parts, (name, part) => new KeyValuePair<string, Code>(name, part))
            .ToArray();
        Value? constant = Array.TrueForAll(parts, part => part.Constant is not null)
            ? JsonOps.Make(isList, names, parts.Select(part => part.Constant!.Value).ToArray())
            : null;
        Evaluate evaluate = constant is { } known
            ? (ref Scope _) => known
            : (ref Scope scope) =>
            {
                var values = new Value[evaluators.Length];
                for (var index = 0; index < values.Length; index++)
                {
                    values[index] = evaluators[index](ref scope);
                    if (scope.Failed)
                    {
                        return default;
                    }
                }

                return JsonOps.Make(isList, names, values);
            };
        return new Code(TextOf(syntax), evaluate, Kinds.Json, Array.Exists(parts, part => part.CanFail))
        {
            Members = members,
            Constant = constant,
        };
    }
}
