using System.Globalization;
using System.Text;

namespace AkkaFeeds.Definitions.Decoding;

/// <summary>The escapes of JSON strings, which the scanner has checked.</summary>
internal static class JsonStrings
{
    /// <summary>The UTF-8 that the escaped text stands for; half a surrogate pair becomes U+FFFD.</summary>
    public static byte[] Unescape(ReadOnlySpan<byte> escaped)
    {
        var result = new byte[escaped.Length];
        return result[..Unescape(escaped, result)];
    }

    /// <summary>The same into <paramref name="result"/>, which is at least as long; returns the length.</summary>
    public static int Unescape(ReadOnlySpan<byte> escaped, Span<byte> result)
    {
        var length = 0;
        for (var index = 0; index < escaped.Length;)
        {
            if (escaped[index] != '\\')
            {
                result[length++] = escaped[index++];
                continue;
            }

            var letter = escaped[index + 1];
            if (letter != 'u')
            {
                result[length++] = letter switch
                {
                    (byte)'b' => (byte)'\b',
                    (byte)'f' => (byte)'\f',
                    (byte)'n' => (byte)'\n',
                    (byte)'r' => (byte)'\r',
                    (byte)'t' => (byte)'\t',
                    _ => letter,
                };
                index += 2;
                continue;
            }

            var unit = Unit(escaped[index..]);
            index += 6;
            var rest = escaped[index..];
            if (char.IsHighSurrogate(unit) && rest.Length >= 6 && rest[0] == '\\' && rest[1] == 'u'
                && char.IsLowSurrogate(Unit(rest)))
            {
                length += new Rune(unit, Unit(rest)).EncodeToUtf8(result[length..]);
                index += 6;
                continue;
            }

            var rune = char.IsSurrogate(unit) ? Rune.ReplacementChar : new Rune(unit);
            length += rune.EncodeToUtf8(result[length..]);
        }

        return length;
    }

    private static char Unit(ReadOnlySpan<byte> escape) =>
        (char)ushort.Parse(escape[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
