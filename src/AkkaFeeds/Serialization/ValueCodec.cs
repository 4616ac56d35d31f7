using System.Buffers;
using AkkaFeeds.Contracts;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Serialization;

/// <summary>Values between nodes, in the bytes that a key's state has, too. Kind numbers are never used
/// again.</summary>
internal static class ValueCodec
{
    /// <summary>Appends one value.</summary>
    public static void Write(IBufferWriter<byte> writer, Value value) => new StateWriter(writer).Value(value);

    /// <summary>Takes one value off the front of <paramref name="bytes"/>.</summary>
    /// <exception cref="InvalidDataException">An unknown kind, or bytes that end too early.</exception>
    public static Value Read(ref ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes);
        var value = reader.Value();
        bytes = reader.Rest;
        return value;
    }
}
