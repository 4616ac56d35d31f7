using System.Numerics;

namespace AkkaFeeds.Server.Edge.Events;

/// <summary>Writes whole numbers that are not negative, the highest bit first.</summary>
internal sealed class BitWriter
{
    /// <summary>The bits that say how wide a number is.</summary>
    public const int WidthBits = 6;

    private readonly List<byte> bytes = [];
    private int free;

    /// <summary>What was written, with zeros up to the next whole byte.</summary>
    public byte[] ToArray() => [.. bytes];

    /// <summary>The lowest bits of a number.</summary>
    /// <param name="value">The number.</param>
    /// <param name="width">How many, 0 to 63.</param>
    public void Bits(long value, int width)
    {
        while (width > 0)
        {
            if (free == 0)
            {
                bytes.Add(0);
                free = 8;
            }

            var part = Math.Min(free, width);
            width -= part;
            free -= part;
            bytes[^1] |= (byte)(((value >> width) & ((1 << part) - 1)) << free);
        }
    }

    /// <summary>A number that is 0 nearly always, or a few: 1 bit for 0, 3 for 1 and 2, 5 for 3 to 6.</summary>
    public void Few(int value)
    {
        var width = WidthOf(value + 1L);
        Bits(0, width - 1);
        Bits(value + 1L, width);
    }

    /// <summary>A number of any size: its width, and its bits.</summary>
    public void Number(long value)
    {
        var width = WidthOf(value);
        Bits(width, WidthBits);
        Bits(value, width);
    }

    /// <summary>
    /// A number of which the size is about known (a Rice code): as many ones as its highest bits say, and the others.
    /// </summary>
    /// <param name="value">The number; its rest is small.</param>
    /// <param name="low">How many bits are written as they are.</param>
    public void About(long value, int low)
    {
        for (var rest = value >> low; rest > 0; rest--)
        {
            Bits(1, 1);
        }

        Bits(0, 1);
        Bits(value, low);
    }

    /// <summary>The bits of a number without its leading zeros.</summary>
    public static int WidthOf(long value) => 64 - BitOperations.LeadingZeroCount((ulong)value);
}
