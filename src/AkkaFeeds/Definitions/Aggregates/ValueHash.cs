using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Definitions.Aggregates;

/// <summary>
/// A hash of 64 bits that is the same wherever and whenever it is computed; equal numbers have equal hashes.
/// </summary>
internal static class ValueHash
{
    public static ulong Of(in Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.String:
                return OfText(value.AsString);
            case ValueKind.Json:
                return XxHash3.HashToUInt64(value.AsJson.Utf8.Span, (long)ValueKind.Json);
            case ValueKind.Double:
                // 1.0 is 1.
                var number = value.AsDouble;
                var whole = number is >= -9223372036854775808.0 and < 9223372036854775808.0
                    && Math.Floor(number) == number;
                return whole ? OfBits((long)number, ValueKind.Long) : OfBits(value.AsLong, ValueKind.Double);
            default:
                return OfBits(value.AsLong, value.Kind);
        }
    }

    private static ulong OfText(string text)
    {
        Span<byte> utf8 = text.Length <= 256 ? stackalloc byte[768]
            : new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var length = Encoding.UTF8.GetBytes(text, utf8);
        return XxHash3.HashToUInt64(utf8[..length], (long)ValueKind.String);
    }

    private static ulong OfBits(long bits, ValueKind kind)
    {
        var little = BitConverter.IsLittleEndian ? bits
            : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(bits);
        return XxHash3.HashToUInt64(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(ref little)), (long)kind);
    }
}
