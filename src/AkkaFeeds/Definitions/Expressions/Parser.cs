using AkkaFeeds.Contracts;

namespace AkkaFeeds.Definitions.Expressions;

/// <summary>
/// Reads CEL's grammar by recursive descent. Depth and length are bounded, so that no text can take the process down;
/// the syntax is the only thing judged here.
/// </summary>
internal sealed class Parser
{
    /// <summary>The longest expression, in characters.</summary>
    public const int LengthMax = 8192;

    private const int DepthMax = 64;
    private const string Form = "see docs/language.md";

    private static readonly string[] Metas = ["key", "headers", "timestamp", "topic", "partition", "offset"];

    private readonly List<Token> tokens;
    private int next;
    private int depth;

    private Parser(List<Token> tokens)
    {
        this.tokens = tokens;
    }

    private Token Current => tokens[next];

    private int LastEnd => next == 0 ? 0 : tokens[next - 1].End;

    /// <summary>
    /// Reads <paramref name="text"/>; false with the error where it is not an expression. Never throws.
    /// </summary>
    public static bool TryParse(string text, out Syntax? syntax, out SyntaxException? error)
    {
        syntax = null;
        error = null;
        try
        {
            if (text.Length > LengthMax)
            {
                throw new SyntaxException(0, $"longer than {LengthMax} characters", "split it into several fields");
            }

            var parser = new Parser(Lexer.Read(text));
            syntax = parser.Expression();
            if (parser.Current.Kind != TokenKind.End)
            {
                throw parser.Unexpected("the end");
            }

            return true;
        }
        catch (SyntaxException exception)
        {
            syntax = null;
            error = exception;
            return false;
        }
    }

    private Syntax Expression()
    {
        if (++depth > DepthMax)
        {
            throw new SyntaxException(
                Current.Start, $"nested more than {DepthMax} deep", "split it into several fields");
        }

        var condition = Chain(0);
        if (Take("?"))
        {
            var then = Chain(0);
            Expect(":");
            var otherwise = Expression();
            condition = new ConditionalSyntax(condition, then, otherwise, condition.Start, otherwise.End);
        }

        depth--;
        return condition;
    }

    // The binary operators by rising precedence; all of them bind to the left.
    private Syntax Chain(int level)
    {
        if (level == 5)
        {
            return Unary();
        }

        var left = Chain(level + 1);
        while (OperatorOf(level) is { } name)
        {
            next++;
            var right = Chain(level + 1);
            left = new BinarySyntax(name, left, right, left.Start, right.End);
        }

        return left;
    }

    private string? OperatorOf(int level)
    {
        if (Current.Kind == TokenKind.In)
        {
            return level == 2 ? "in" : null;
        }

        if (Current.Kind != TokenKind.Symbol)
        {
            return null;
        }

        var found = Current.Text switch
        {
            "||" => 0,
            "&&" => 1,
            "<" or "<=" or ">" or ">=" or "==" or "!=" => 2,
            "+" or "-" => 3,
            "*" or "/" or "%" => 4,
            _ => -1,
        };
        return found == level ? Current.Text : null;
    }

    private Syntax Unary()
    {
        var start = Current.Start;
        var operators = new Stack<(string Name, int Start)>();
        while (Current.Is("!") || Current.Is("-"))
        {
            if (operators.TryPeek(out var last) && last.Name != Current.Text)
            {
                throw Unexpected("an operand");
            }

            if (operators.Count == DepthMax)
            {
                throw new SyntaxException(start, $"nested more than {DepthMax} deep", "remove the operators in pairs");
            }

            operators.Push((Current.Text, Current.Start));
            next++;
        }

        // A number takes its sign before it is measured: the least one has no positive twin.
        if (operators.TryPeek(out var sign) && sign.Name == "-"
            && Current is { Kind: TokenKind.Literal, Value.IsLong: true })
        {
            operators.Pop();
            tokens[next] =
                Current with { Text = "", Value = Value.Of(unchecked(-Current.Value.AsLong)), Start = sign.Start };
        }

        var operand = Member();
        while (operators.TryPop(out var name))
        {
            operand = new UnarySyntax(name.Name, operand, name.Start, operand.End);
        }

        return operand;
    }

    private Syntax Member()
    {
        var target = Primary();
        while (true)
        {
            if (Take("."))
            {
                var name = Current.Kind is TokenKind.Name ? Current.Text : throw Unexpected("a field's name");
                next++;
                if (Take("("))
                {
                    List<Syntax> arguments = [target, .. List(")")];
                    target = new CallSyntax(name, arguments, true, target.Start, LastEnd);
                }
                else
                {
                    target = new SelectSyntax(target, name, target.Start, LastEnd);
                }
            }
            else if (Take("["))
            {
                var index = Expression();
                Expect("]");
                target = new IndexSyntax(target, index, target.Start, LastEnd);
            }
            else
            {
                return target;
            }
        }
    }

    private Syntax Primary()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Literal when token.Text == "minimum":
                throw new SyntaxException(
                    token.Start, "a whole number that does not fit 64 bits", "write it with a fraction: .0");
            case TokenKind.Literal:
                next++;
                return new LiteralSyntax(token.Value, token.Start, token.End);
            case TokenKind.Meta:
                next++;
                return Metas.Contains(token.Text)
                    ? new MetaSyntax(token.Text, token.Start, token.End)
                    : throw new SyntaxException(
                        token.Start, $"${token.Text} does not exist", Suggest.From(token.Text, Metas, "$"));
            case TokenKind.Name:
                next++;
                return Take("(")
                    ? new CallSyntax(token.Text, List(")"), false, token.Start, LastEnd)
                    : new NameSyntax(token.Text, token.Start, token.End);
            case TokenKind.Symbol when token.Text == "(":
                next++;
                var inner = Expression();
                Expect(")");
                return inner;
            case TokenKind.Symbol when token.Text == "[":
                next++;
                return new ListSyntax(List("]"), token.Start, LastEnd);
            case TokenKind.Symbol when token.Text == "{":
                next++;
                return Map(token.Start);
            default:
                throw Unexpected("a field, a number, a string or a call");
        }
    }

    private List<Syntax> List(string closing)
    {
        var items = new List<Syntax>();
        while (!Take(closing))
        {
            // The star is an argument only alone: last(*).
            if (Current.Is("*") && tokens[next + 1].Is(")"))
            {
                items.Add(new StarSyntax(Current.Start, Current.End));
                next++;
            }
            else
            {
                items.Add(Expression());
            }

            if (!Take(",") && !Current.Is(closing))
            {
                throw Unexpected($"a comma or {closing}");
            }
        }

        return items;
    }

    private MapSyntax Map(int start)
    {
        var members = new List<KeyValuePair<Syntax, Syntax>>();
        while (!Take("}"))
        {
            var key = Expression();
            if (Take(":"))
            {
                members.Add(new(key, Expression()));
            }
            else if (key is NameSyntax name)
            {
                members.Add(new(new LiteralSyntax(Value.Of(name.Name), name.Start, name.End), name));
            }
            else if (key is SelectSyntax select)
            {
                members.Add(new(new LiteralSyntax(Value.Of(select.Member), select.Start, select.End), select));
            }
            else
            {
                throw Unexpected("a colon");
            }

            if (!Take(",") && !Current.Is("}"))
            {
                throw Unexpected("a comma or }");
            }
        }

        return new MapSyntax(members, start, LastEnd);
    }

    private bool Take(string symbol)
    {
        if (!Current.Is(symbol))
        {
            return false;
        }

        next++;
        return true;
    }

    private void Expect(string symbol)
    {
        if (!Take(symbol))
        {
            throw Unexpected(symbol);
        }
    }

    private SyntaxException Unexpected(string wanted)
    {
        var found = Current.Kind switch
        {
            TokenKind.End => "the end",
            TokenKind.Literal => "a literal",
            TokenKind.Meta => $"${Current.Text}",
            _ => Current.Text,
        };
        return new SyntaxException(Current.Start, $"{wanted} is wanted here, not {found}", Form);
    }
}
