using System.Globalization;
using System.Text;

namespace AkkaFeeds.Definitions.Expressions;

/// <summary>CEL's string literals: single or double quotes, tripled quotes over lines, <c>r</c> for raw.</summary>
internal static class StringLiteral
{
    /// <summary>Whether a string starts at <paramref name="position"/>.</summary>
    public static bool StartsAt(string text, int position)
    {
        if (text[position] is '\'' or '"')
        {
            return true;
        }

        // The prefixes r, b, rb and br, in either case.
        var next = position;
        while (next < text.Length && next - position < 2 && text[next] is 'r' or 'R' or 'b' or 'B')
        {
            next++;
        }

        return next > position && next < text.Length && text[next] is '\'' or '"';
    }

    /// <summary>The string that starts at <paramref name="start"/>, and where it ends.</summary>
    public static (string Value, int End) Read(string text, int start)
    {
        var position = start;
        var raw = false;
        while (text[position] is not ('\'' or '"'))
        {
            raw |= text[position] is 'r' or 'R';
            if (text[position] is 'b' or 'B')
            {
                throw new SyntaxException(start, "bytes are not a type here", "write a string");
            }

            position++;
        }

        var quote = text[position];
        var tripled = text.AsSpan(position).StartsWith(new string(quote, 3), StringComparison.Ordinal);
        var closing = new string(quote, tripled ? 3 : 1);
        position += closing.Length;
        var value = new StringBuilder();
        while (position < text.Length)
        {
            if (text.AsSpan(position).StartsWith(closing, StringComparison.Ordinal))
            {
                return (value.ToString(), position + closing.Length);
            }

            if (!tripled && text[position] is '\n' or '\r')
            {
                break;
            }

            if (raw || text[position] != '\\')
            {
                value.Append(text[position++]);
            }
            else
            {
                position = Escape(text, position, value);
            }
        }

        throw new SyntaxException(start, "a string without its end", $"close it with {closing}");
    }

    private static int Escape(string text, int position, StringBuilder value)
    {
        var letter = position + 1 < text.Length ? text[position + 1] : '\0';
        switch (letter)
        {
            case 'a': value.Append('\a'); return position + 2;
            case 'b': value.Append('\b'); return position + 2;
            case 'f': value.Append('\f'); return position + 2;
            case 'n': value.Append('\n'); return position + 2;
            case 'r': value.Append('\r'); return position + 2;
            case 't': value.Append('\t'); return position + 2;
            case 'v': value.Append('\v'); return position + 2;
            case '\\' or '?' or '"' or '\'' or '`': value.Append(letter); return position + 2;
            case 'x' or 'X': return Code(text, position, position + 2, 2, 16, value);
            case 'u': return Code(text, position, position + 2, 4, 16, value);
            case 'U': return Code(text, position, position + 2, 8, 16, value);
            case >= '0' and <= '3': return Code(text, position, position + 1, 3, 8, value);
            default: throw new SyntaxException(
                position, "an escape that does not exist", "write \\\\ for a backslash");
        }
    }

    private static int Code(string text, int start, int digits, int count, int radix, StringBuilder value)
    {
        var code = 0L;
        for (var index = digits; index < digits + count; index++)
        {
            var digit = index < text.Length && char.IsAsciiHexDigit(text[index])
                ? int.Parse(text.AsSpan(index, 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                : radix;
            if (digit >= radix)
            {
                throw new SyntaxException(start, "an escape with too few digits", $"write {count} digits");
            }

            code = (code * radix) + digit;
        }

        if (code > 0x10FFFF || !Rune.TryCreate((int)code, out var rune))
        {
            throw new SyntaxException(start, "an escape that names no character", "write a Unicode scalar value");
        }

        value.Append(rune.ToString());
        return digits + count;
    }
}
