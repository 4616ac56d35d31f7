using System.Globalization;

namespace AkkaFeeds.Definitions.Expressions;

// One character of a pattern, as it stands or escaped.
internal sealed partial class PatternTranslator
{
    private int Character()
    {
        if (pattern[position] != '\\')
        {
            return Plain();
        }

        if (position + 1 == pattern.Length)
        {
            problem = @"a \ stands at the end";
            return 0;
        }

        var letter = pattern[position + 1];
        var control = "a\af\fn\nr\rt\tv\v".IndexOf(letter, StringComparison.Ordinal);
        if (control >= 0 && control % 2 == 0)
        {
            position += 2;
            return "a\af\fn\nr\rt\tv\v"[control + 1];
        }

        if (letter == 'x')
        {
            return Hexadecimal();
        }

        if (letter is >= '0' and <= '7')
        {
            return Octal();
        }

        if (!char.IsAscii(letter) || char.IsAsciiLetterOrDigit(letter))
        {
            Unknown(2);
            return 0;
        }

        position += 2;
        return letter;
    }

    private int Plain()
    {
        var isPair = position + 1 < pattern.Length && char.IsSurrogatePair(pattern[position], pattern[position + 1]);
        var character = isPair ? char.ConvertToUtf32(pattern[position], pattern[position + 1]) : pattern[position];
        position += isPair ? 2 : 1;
        return character;
    }

    // \x7F or \x{10FFFF}
    private int Hexadecimal()
    {
        var start = position;
        var isBraced = Follows(@"\x{");
        var from = position + (isBraced ? 3 : 2);
        var to = isBraced ? pattern.IndexOf('}', from) : from + 2;
        if (to < from || to > pattern.Length
            || !int.TryParse(
                pattern.AsSpan(from..to), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            Unknown(2);
            return 0;
        }

        position = isBraced ? to + 1 : to;
        if (code is < 0 or > 0x10ffff or (>= 0xd800 and <= 0xdfff))
        {
            problem = $"{pattern[start..position]} is no character";
            return 0;
        }

        return code;
    }

    // \0 with up to two digits more; \1 to \7 with at least one, since alone it would be a back-reference.
    private int Octal()
    {
        var start = position + 1;
        var end = start;
        var code = 0;
        while (end < pattern.Length && end < start + 3 && pattern[end] is >= '0' and <= '7')
        {
            code = (code * 8) + pattern[end++] - '0';
        }

        if (end == start + 1 && pattern[start] != '0')
        {
            Unknown(2);
            return 0;
        }

        position = end;
        return code;
    }
}
