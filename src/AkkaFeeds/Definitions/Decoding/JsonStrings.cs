using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace AkkaFeeds.Definitions.Decoding;

/// <summary>Where JSON strings end, and their escapes, which the scanner has checked.</summary>
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

    /// <summary>How many bytes are neither quote, backslash nor control character; eight at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int PlainLength(ReadOnlySpan<byte> bytes)
    {
        const ulong Ones = 0x0101010101010101;
        const ulong Highs = 0x8080808080808080;
        var index = 0;
        while (bytes.Length - index >= 8)
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(bytes[index..]);
            var quote = word ^ (Ones * '"');
            var slash = word ^ (Ones * '\\');
            var found = ((quote - Ones) & ~quote) | ((slash - Ones) & ~slash) | ((word - (Ones * 0x20)) & ~word);
            found &= Highs;
            if (found != 0)
            {
                return index + (BitOperations.TrailingZeroCount(found) >> 3);
            }

            index += 8;
        }

        while (index < bytes.Length && bytes[index] is not ((byte)'"' or (byte)'\\' or < 0x20))
        {
            index++;
        }

        return index;
    }

    private static char Unit(ReadOnlySpan<byte> escape) =>
        (char)ushort.Parse(escape[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
