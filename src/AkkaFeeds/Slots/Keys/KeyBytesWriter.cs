using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Slots.Keys;

/// <summary>
/// Keys one behind the other: tenant and key, each with its length (32 bits, little-endian), since when it misses a
/// record (64
/// bits, Unix ms, 0 for never), and its state with its length (0 where no record has made it yet).
/// </summary>
internal sealed class KeyBytesWriter(IBufferWriter<byte> writer)
{
    /// <summary>Adds one key.</summary>
    public void Add(KeyEntry entry, ReadOnlySpan<byte> state)
    {
        AddText(entry.Name.Tenant);
        AddText(entry.Name.Key);
        var span = writer.GetSpan(12);
        BinaryPrimitives.WriteInt64LittleEndian(span, entry.QuarantinedSince);
        BinaryPrimitives.WriteInt32LittleEndian(span[8..], state.Length);
        writer.Advance(12);
        writer.Write(state);
    }

    /// <summary>Gives each key of <paramref name="bytes"/> to <paramref name="keys"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes end inside a key.</exception>
    public static void Load(ReadOnlySpan<byte> bytes, SlotKeys keys)
    {
        while (bytes.Length > 0)
        {
            var tenant = Encoding.UTF8.GetString(Take(ref bytes));
            var key = Encoding.UTF8.GetString(Take(ref bytes));
            if (bytes.Length < 8)
            {
                throw Short(bytes.Length);
            }

            var quarantinedSince = BinaryPrimitives.ReadInt64LittleEndian(bytes);
            bytes = bytes[8..];
            keys.Load(new KeyName(tenant, key), quarantinedSince, Take(ref bytes));
        }
    }

    private void AddText(string text)
    {
        var count = Encoding.UTF8.GetByteCount(text);
        var span = writer.GetSpan(4 + count);
        BinaryPrimitives.WriteInt32LittleEndian(span, count);
        Encoding.UTF8.GetBytes(text, span[4..]);
        writer.Advance(4 + count);
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4 || BinaryPrimitives.ReadUInt32LittleEndian(bytes) > bytes.Length - 4)
        {
            throw Short(bytes.Length);
        }

        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        var taken = bytes.Slice(4, count);
        bytes = bytes[(4 + count)..];
        return taken;
    }

    private static InvalidDataException Short(int left) =>
        new($"a checkpoint ends inside a key, {left} bytes before its end");
}
