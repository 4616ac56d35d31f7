using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace AkkaFeeds.Definitions.Decoding;

/// <summary>
/// Gives the same string for the same UTF-8 bytes, so that the values that repeat (codes, names) cost no garbage a
/// record. Of
/// a fixed size: a newer text takes the place of an older one. For one thread.
/// </summary>
internal sealed class StringCache
{
    // Longer texts seldom repeat, and comparing them costs as much as making them.
    private const int BytesMax = 64;

    private readonly Entry[] entries;
    private readonly int shift;

    /// <summary>Makes a cache of 2^<paramref name="bits"/> texts.</summary>
    public StringCache(int bits = 14)
    {
        entries = new Entry[1 << bits];
        shift = 64 - bits;
    }

    /// <summary>The text of well-formed UTF-8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > BytesMax)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        ref var entry = ref entries[Hash(utf8) >> shift];
        if (entry.Text is { } text && (entry.Raw is { } raw ? utf8.SequenceEqual(raw) : Ascii.Equals(utf8, text)))
        {
            return text;
        }

        text = Encoding.UTF8.GetString(utf8);
        // All is ASCII where there are as many characters as bytes.
        entry = new Entry(text, text.Length == utf8.Length ? null : utf8.ToArray());
        return text;
    }

    /// <summary>A hash whose high bits are well mixed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        const ulong First = 0x9E3779B97F4A7C15;
        const ulong Second = 0xD6E8FEB86659FD93;
        var hash = (ulong)bytes.Length * First;
        while (bytes.Length >= 8)
        {
            hash = (BitOperations.RotateLeft(hash, 29) ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes)) * Second;
            hash ^= hash >> 32;
            bytes = bytes[8..];
        }

        var tail = 0UL;
        for (var index = 0; index < bytes.Length; index++)
        {
            tail = (tail << 8) | bytes[index];
        }

        hash = (hash ^ tail) * First;
        hash ^= hash >> 32;
        return hash * Second;
    }

    private readonly record struct Entry(string? Text, byte[]? Raw);
}
