using System.Text;

namespace AkkaFeeds.Server.Edge;

/// <summary>
/// Decodes one part of a request target, strictly: a stray <c>%</c>, bytes that are not UTF-8 and characters that do
/// not belong into a target are refused, where a lenient decoder would name another key than the client meant.
/// </summary>
internal static class PercentText
{
    private static readonly UTF8Encoding Strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The decoded text, or null where <paramref name="raw"/> is not well formed.</summary>
    /// <param name="raw">The part as it stands in the request line.</param>
    /// <param name="plusIsSpace">Whether <c>+</c> is a space: in queries, which browsers write as forms.</param>
    public static string? Decode(ReadOnlySpan<char> raw, bool plusIsSpace)
    {
        var bytes = new byte[raw.Length];
        var count = 0;
        for (var index = 0; index < raw.Length; index++)
        {
            var character = raw[index];
            if (character == '%')
            {
                if (index + 2 >= raw.Length || !IsHex(raw[index + 1]) || !IsHex(raw[index + 2]))
                {
                    return null;
                }

                bytes[count++] = (byte)((Convert.FromHexString(raw.Slice(index + 1, 2)))[0]);
                index += 2;
            }
            else if (character is <= ' ' or >= '\x7f')
            {
                return null;
            }
            else
            {
                bytes[count++] = character == '+' && plusIsSpace ? (byte)' ' : (byte)character;
            }
        }

        try
        {
            return Strict.GetString(bytes, 0, count);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static bool IsHex(char character) => char.IsAsciiHexDigit(character);
}
