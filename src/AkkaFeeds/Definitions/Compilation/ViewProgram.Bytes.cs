using System.Buffers;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Definitions.Compilation;

/// <summary>The compact form of states.</summary>
internal sealed partial class ViewProgram
{
    /// <summary>
    /// Writes the state: a byte for the form, version and newest timestamp, positions by source, then each aggregate.
    /// Equal
    /// states have equal bytes, and what follows the version does not depend on how partitions were mixed.
    /// </summary>
    public void Encode(KeyState state, IBufferWriter<byte> output)
    {
        var writer = new StateWriter(output);
        writer.Byte(FormatVersion);
        writer.Unsigned((ulong)state.Version);
        writer.Signed(state.At);
        writer.Unsigned((ulong)state.SourceCount);
        for (var index = 0; index < state.SourceCount; index++)
        {
            var (source, offset) = state.PositionAt(index);
            writer.Unsigned((ulong)source);
            writer.Unsigned((ulong)offset);
        }

        foreach (var placed in aggregates)
        {
            placed.Aggregate.Encode(state, writer);
        }
    }

    /// <summary>Reads what <see cref="Encode"/> wrote for the same definition.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged, or of a form that this release does not
    /// know.</exception>
    public KeyState Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes);
        var form = reader.Byte();
        if (form != FormatVersion)
        {
            throw new InvalidDataException(
                $"A key's bytes have the form {form}; this release knows {FormatVersion}. They were written by a newer release.");
        }

        var state = Create();
        state.Version = (long)reader.Unsigned();
        state.At = reader.Signed();
        for (var left = reader.Count(); left > 0; left--)
        {
            var source = (int)reader.Unsigned();
            state.SetPosition(source, (long)reader.Unsigned());
        }

        try
        {
            foreach (var placed in aggregates)
            {
                placed.Aggregate.Decode(state, ref reader);
            }
        }
        catch (ArgumentException exception)
        {
            // Such as an item that stands twice in a table.
            throw new InvalidDataException("A key's bytes are damaged.", exception);
        }

        return reader.IsAtEnd ? state : throw new InvalidDataException("A key's bytes go on behind their end.");
    }
}
