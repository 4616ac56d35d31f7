using System.Buffers;
using System.Buffers.Binary;
using AkkaFeeds.Serialization;
using AkkaFeeds.Slots.Keys;
using AkkaFeeds.Slots.Protocol;
using Google.Protobuf;

namespace AkkaFeeds.Slots;

/// <summary>
/// The bytes of a checkpoint: the header's length (32 bits, little-endian), the header, and the keys. A snapshot has
/// the same
/// form, with all keys in it.
/// </summary>
internal static class CheckpointCodec
{
    private const int FormatNewest = 1;

    /// <summary>Begins a checkpoint's bytes with its header.</summary>
    public static void WriteHeader(IBufferWriter<byte> writer, string definition, IReadOnlyList<Watermark> watermarks)
    {
        var header = WireSlots.ToWire(definition, watermarks).ToByteArray();
        BinaryPrimitives.WriteInt32LittleEndian(writer.GetSpan(4), header.Length);
        writer.Advance(4);
        writer.Write(header);
    }

    /// <summary>Gives the keys of a checkpoint to <paramref name="keys"/>, and returns its watermarks.</summary>
    /// <exception cref="InvalidDataException">Another format or another definition, or bytes that end too
    /// early.</exception>
    public static IReadOnlyList<Watermark> Load(ReadOnlySpan<byte> bytes, string definition, SlotKeys keys)
    {
        if (bytes.Length < 4 || BinaryPrimitives.ReadUInt32LittleEndian(bytes) > bytes.Length - 4)
        {
            throw new InvalidDataException($"a checkpoint of {bytes.Length} bytes ends inside its header");
        }

        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        var header = Contracts.Wire.CheckpointHeader.Parser.ParseFrom(bytes.Slice(4, count));
        if (header.Format != FormatNewest)
        {
            throw new InvalidDataException($"checkpoint format {header.Format} is not known to this release");
        }

        if (header.Definition != definition)
        {
            throw new InvalidDataException(
                $"the checkpoint is of definition {header.Definition}, and the feed's is {definition}");
        }

        KeyBytesWriter.Load(bytes[(4 + count)..], keys);
        return WireSlots.FromWire(header);
    }
}
