using System.Buffers.Text;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Definitions.Expressions;

/// <summary>Numbers from their JSON text, which the caller has found to be of JSON's grammar.</summary>
internal static class Numbers
{
    /// <summary>
    /// A whole number where there is neither fraction nor exponent and 64 bits hold it, else a double; false where
    /// not even
    /// a double holds it.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out Value value)
    {
        if (Utf8Parser.TryParse(text, out long whole, out var used) && used == text.Length)
        {
            value = Value.Of(whole);
            return true;
        }

        value = Utf8Parser.TryParse(text, out double number, out used) && used == text.Length ? Value.Of(number)
            : default;
        return value.HasValue;
    }
}
