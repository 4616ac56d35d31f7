using System.Buffers;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Slots.Keys;

/// <summary>The keys of a checkpoint: one <see cref="KeyRecord"/> behind the other.</summary>
internal sealed class KeyBytesWriter(IBufferWriter<byte> writer)
{
    /// <summary>Adds a key whose state is live.</summary>
    public void Add(KeyName name, long quarantinedSince, ReadOnlySpan<byte> state) =>
        KeyRecord.Write(writer, name, quarantinedSince, state);

    /// <summary>Adds a key as it is packed.</summary>
    public void Add(ReadOnlySpan<byte> record) => writer.Write(record);

    /// <summary>Gives each key of <paramref name="bytes"/> to <paramref name="keys"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes end inside a key.</exception>
    public static void Load(ReadOnlySpan<byte> bytes, SlotKeys keys)
    {
        while (bytes.Length > 0)
        {
            var length = KeyRecord.Read(bytes).Length;
            keys.Load(bytes[..length]);
            bytes = bytes[length..];
        }
    }
}
