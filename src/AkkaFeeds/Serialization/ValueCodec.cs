using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Serialization;

/// <summary>
/// Values as bytes: a kind byte, then zigzag varints for whole numbers, instants and durations, eight bytes
/// little-endian for
/// doubles, length and UTF-8 for text and JSON. Kind numbers are never used again.
/// </summary>
internal static class ValueCodec
{
    /// <summary>Appends one value.</summary>
    public static void Write(IBufferWriter<byte> writer, Value value)
    {
        var kind = value.Kind;
        switch (kind)
        {
            case ValueKind.Bool or ValueKind.Long or ValueKind.Time or ValueKind.Duration:
                {
                    var span = writer.GetSpan(11);
                    span[0] = (byte)kind;
                    writer.Advance(1 + WriteVarint(span[1..], ZigZag(value.AsLong)));
                    break;
                }

            case ValueKind.Double:
                {
                    var span = writer.GetSpan(9);
                    span[0] = (byte)kind;
                    BinaryPrimitives.WriteDoubleLittleEndian(span[1..], value.AsDouble);
                    writer.Advance(9);
                    break;
                }

            case ValueKind.String:
                {
                    var text = value.AsString;
                    var count = Encoding.UTF8.GetByteCount(text);
                    var span = WriteHeader(writer, kind, count);
                    Encoding.UTF8.GetBytes(text, span);
                    writer.Advance(count);
                    break;
                }

            case ValueKind.Json:
                {
                    var utf8 = value.AsJson.Utf8.Span;
                    utf8.CopyTo(WriteHeader(writer, kind, utf8.Length));
                    writer.Advance(utf8.Length);
                    break;
                }

            default:
                writer.GetSpan(1)[0] = (byte)kind;
                writer.Advance(1);
                break;
        }
    }

    /// <summary>Takes one value off the front of <paramref name="bytes"/>.</summary>
    /// <exception cref="InvalidDataException">An unknown kind, or bytes that end too early.</exception>
    public static Value Read(ref ReadOnlySpan<byte> bytes)
    {
        var kind = (ValueKind)Take(ref bytes, 1)[0];
        return kind switch
        {
            ValueKind.Absent => Value.Absent,
            ValueKind.Null => Value.Null,
            ValueKind.Bool => Value.Of(UnZigZag(ReadVarint(ref bytes)) != 0),
            ValueKind.Long => Value.Of(UnZigZag(ReadVarint(ref bytes))),
            ValueKind.Time => Value.Time(UnZigZag(ReadVarint(ref bytes))),
            ValueKind.Duration => Value.Duration(UnZigZag(ReadVarint(ref bytes))),
            ValueKind.Double => Value.Of(BinaryPrimitives.ReadDoubleLittleEndian(Take(ref bytes, 8))),
            ValueKind.String => Value.Of(Encoding.UTF8.GetString(TakeCounted(ref bytes))),
            ValueKind.Json => Value.Of(new JsonValue(TakeCounted(ref bytes).ToArray())),
            _ => throw new InvalidDataException($"value kind {(byte)kind} is not known to this release"),
        };
    }

    private static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    private static Span<byte> WriteHeader(IBufferWriter<byte> writer, ValueKind kind, int count)
    {
        var header = writer.GetSpan(6 + count);
        header[0] = (byte)kind;
        writer.Advance(1 + WriteVarint(header[1..], (ulong)count));
        return writer.GetSpan(count);
    }

    private static int WriteVarint(Span<byte> span, ulong value)
    {
        var count = 0;
        while (value >= 0x80)
        {
            span[count++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[count++] = (byte)value;
        return count;
    }

    private static ulong ReadVarint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Take(ref bytes, 1)[0];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("a varint has more than ten bytes");
    }

    private static ReadOnlySpan<byte> TakeCounted(ref ReadOnlySpan<byte> bytes)
    {
        var count = ReadVarint(ref bytes);
        return count <= int.MaxValue
            ? Take(ref bytes, (int)count)
            : throw new InvalidDataException($"a length of {count} bytes is not possible");
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, int count)
    {
        if (bytes.Length < count)
        {
            throw new InvalidDataException($"{count} bytes wanted, {bytes.Length} left");
        }

        var taken = bytes[..count];
        bytes = bytes[count..];
        return taken;
    }
}
