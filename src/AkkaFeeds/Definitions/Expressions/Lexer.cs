using System.Globalization;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Definitions.Expressions;

/// <summary>
/// Splits an expression into words by CEL's lexical rules, with <c>$name</c> for what the record has beside its
/// value.
/// </summary>
internal static class Lexer
{
    private static readonly string[] Symbols =
    [
        "&&", "||", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":", ".", ",",
        "(", ")", "[", "]", "{", "}",
    ];

    // CEL keeps these for later; a record may well have such a field, which backquotes reach.
    private static readonly HashSet<string> Reserved =
    [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package",
        "namespace", "return", "var", "void", "while",
    ];

    /// <summary>The words of <paramref name="text"/>, the last of them the end.</summary>
    public static List<Token> Read(string text)
    {
        var tokens = new List<Token>();
        var position = 0;
        while (true)
        {
            position = SkipSpace(text, position);
            if (position == text.Length)
            {
                tokens.Add(new Token(TokenKind.End, "", default, position, position));
                return tokens;
            }

            var afterDot = tokens.Count > 0 && tokens[^1].Is(".");
            var token = ReadOne(text, position, afterDot);
            tokens.Add(token);
            position = token.End;
        }
    }

    private static int SkipSpace(string text, int position)
    {
        while (position < text.Length)
        {
            if (text[position] is ' ' or '\t' or '\n' or '\r' or '\f')
            {
                position++;
            }
            else if (text.AsSpan(position).StartsWith("//", StringComparison.Ordinal))
            {
                var end = text.IndexOf('\n', position);
                position = end < 0 ? text.Length : end;
            }
            else
            {
                break;
            }
        }

        return position;
    }

    private static Token ReadOne(string text, int start, bool afterDot)
    {
        var first = text[start];
        if (char.IsAsciiDigit(first) || (first == '.' && !afterDot && char.IsAsciiDigit(At(text, start + 1))))
        {
            return ReadNumber(text, start);
        }

        if (StringLiteral.StartsAt(text, start))
        {
            var (value, end) = StringLiteral.Read(text, start);
            return new Token(TokenKind.Literal, "", Value.Of(value), start, end);
        }

        if (first == '`')
        {
            var end = text.IndexOf('`', start + 1);
            return end > start + 1
                ? new Token(TokenKind.Name, text[(start + 1)..end], default, start, end + 1)
                : throw new SyntaxException(start, "a backquote without its end", "close the name with a backquote");
        }

        if (first == '$')
        {
            var end = NameEnd(text, start + 1);
            return new Token(TokenKind.Meta, text[(start + 1)..end], default, start, end);
        }

        return IsNameStart(first) ? ReadName(text, start, afterDot) : ReadSymbol(text, start);
    }

    private static Token ReadSymbol(string text, int start)
    {
        foreach (var symbol in Symbols)
        {
            if (text.AsSpan(start).StartsWith(symbol, StringComparison.Ordinal))
            {
                return new Token(TokenKind.Symbol, symbol, default, start, start + symbol.Length);
            }
        }

        throw new SyntaxException(start, $"'{text[start]}' has no meaning here", text[start] switch
        {
            '=' => "compare with ==",
            '&' => "write &&",
            '|' => "write ||",
            _ => "remove it, or put it into quotes",
        });
    }

    private static Token ReadName(string text, int start, bool afterDot)
    {
        var end = NameEnd(text, start);
        var name = text[start..end];
        if (!afterDot)
        {
            switch (name)
            {
                case "true" or "false":
                    return new Token(TokenKind.Literal, name, Value.Of(name == "true"), start, end);
                case "null":
                    return new Token(TokenKind.Literal, name, Value.Null, start, end);
                case "in":
                    return new Token(TokenKind.In, name, default, start, end);
                case var _ when Reserved.Contains(name):
                    throw new SyntaxException(
                        start, $"{name} is a reserved word", $"write `{name}` in backquotes for a field of that name");
            }
        }

        return new Token(TokenKind.Name, name, default, start, end);
    }

    private static Token ReadNumber(string text, int start)
    {
        var end = start;
        var whole = true;
        if (text[start] == '0' && At(text, start + 1) is 'x' or 'X')
        {
            return ReadHex(text, start);
        }

        end = DigitsEnd(text, end);
        if (At(text, end) == '.' && char.IsAsciiDigit(At(text, end + 1)))
        {
            whole = false;
            end = DigitsEnd(text, end + 1);
        }

        if (At(text, end) is 'e' or 'E')
        {
            var digits = At(text, end + 1) is '+' or '-' ? end + 2 : end + 1;
            if (char.IsAsciiDigit(At(text, digits)))
            {
                whole = false;
                end = DigitsEnd(text, digits);
            }
        }

        var body = text.AsSpan(start, end - start);
        // CEL's unsigned suffix: there is one number here, so it says nothing.
        end = whole && At(text, end) is 'u' or 'U' ? end + 1 : end;
        NotInName(text, start, end);
        if (!whole)
        {
            var number = Value.Of(double.Parse(body, NumberStyles.Float, CultureInfo.InvariantCulture));
            return number.HasValue
                ? new Token(TokenKind.Literal, "", number, start, end)
                : throw new SyntaxException(start, "a number too large for a double", "write a smaller one");
        }

        // The one magnitude that fits only with its sign; the parser joins the two.
        if (body.TrimStart('0') is "9223372036854775808")
        {
            return new Token(TokenKind.Literal, "minimum", Value.Of(long.MinValue), start, end);
        }

        return long.TryParse(body, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? new Token(TokenKind.Literal, "", Value.Of(value), start, end)
            : throw new SyntaxException(
                start, "a whole number that does not fit 64 bits", "write it with a fraction: .0");
    }

    private static Token ReadHex(string text, int start)
    {
        var end = start + 2;
        while (char.IsAsciiHexDigit(At(text, end)))
        {
            end++;
        }

        var body = text.AsSpan(start + 2, end - start - 2);
        end = At(text, end) is 'u' or 'U' ? end + 1 : end;
        NotInName(text, start, end);
        return long.TryParse(body, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            && value >= 0
            ? new Token(TokenKind.Literal, "", Value.Of(value), start, end)
            : throw new SyntaxException(
                start, "a hexadecimal number that does not fit 63 bits", "write 0x and 1 to 16 digits");
    }

    private static void NotInName(string text, int start, int end)
    {
        if (IsNameStart(At(text, end)))
        {
            throw new SyntaxException(
                start, "a number that runs into a name", "put a space or an operator between them");
        }
    }

    private static int DigitsEnd(string text, int position)
    {
        while (char.IsAsciiDigit(At(text, position)))
        {
            position++;
        }

        return position;
    }

    private static int NameEnd(string text, int position)
    {
        while (IsNameStart(At(text, position)) || char.IsAsciiDigit(At(text, position)))
        {
            position++;
        }

        return position;
    }

    private static bool IsNameStart(char character) => char.IsAsciiLetter(character) || character == '_';

    private static char At(string text, int position) => position < text.Length ? text[position] : '\0';
}
