using System.Buffers.Binary;
using System.Text;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Slots.Keys;

/// <summary>
/// Reads what <see cref="StateWriter"/> wrote. Bytes that end too early or mean nothing are an
/// <see cref="InvalidDataException"/>.
/// </summary>
internal ref struct StateReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    /// <summary>What was not read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => rest;

    public readonly bool IsAtEnd => rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public ulong Unsigned()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("A number is longer than 64 bits.");
    }

    public long Signed()
    {
        var value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A count of things of which each takes at least one byte.</summary>
    public int Count()
    {
        var value = Unsigned();
        return value <= (ulong)rest.Length
            ? (int)value
            : throw new InvalidDataException("A count is larger than what follows.");
    }

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public ulong Fixed() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public ReadOnlySpan<byte> Bytes() => Take(Count());

    public string Text() => Encoding.UTF8.GetString(Bytes());

    public Value Value()
    {
        var kind = (ValueKind)Byte();
        return kind switch
        {
            ValueKind.Absent => default,
            ValueKind.Null => Contracts.Value.Null,
            ValueKind.Bool => Contracts.Value.Of(Signed() != 0),
            ValueKind.Long => Contracts.Value.Of(Signed()),
            ValueKind.Time => Contracts.Value.Time(Signed()),
            ValueKind.Duration => Contracts.Value.Duration(Signed()),
            ValueKind.Double => Contracts.Value.Of(Double()),
            ValueKind.String => Contracts.Value.Of(Text()),
            ValueKind.Json => Contracts.Value.Of(new JsonValue(Bytes().ToArray())),
            _ => throw new InvalidDataException($"Value kind {(byte)kind} is not known to this release."),
        };
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (rest.Length < count)
        {
            throw new InvalidDataException("The bytes end too early.");
        }

        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
