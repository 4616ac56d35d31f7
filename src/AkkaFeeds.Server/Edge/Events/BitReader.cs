namespace AkkaFeeds.Server.Edge.Events;

/// <summary>
/// Reads what <see cref="BitWriter"/> wrote. Behind the end, and behind a number that cannot be, everything is 0, and
/// <see cref="IsBroken"/> says so.
/// </summary>
/// <param name="bytes">What was written.</param>
internal sealed class BitReader(ReadOnlyMemory<byte> bytes)
{
    private const int FewBitsMax = 31;

    private int at;

    /// <summary>Whether something was asked for that is not there.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether nothing is left but the zeros that fill the last byte.</summary>
    public bool IsAtEnd
    {
        get
        {
            var left = (bytes.Length * 8) - at;
            return !IsBroken && left < 8 && Bits(left) == 0;
        }
    }

    /// <summary>As many bits; 0 to 63.</summary>
    public long Bits(int width)
    {
        if (IsBroken || width > (bytes.Length * 8) - at)
        {
            return Break();
        }

        var value = 0L;
        while (width > 0)
        {
            var free = 8 - (at & 7);
            var part = Math.Min(free, width);
            value = (value << part) | ((long)(bytes.Span[at >> 3] >> (free - part)) & ((1 << part) - 1));
            at += part;
            width -= part;
        }

        return value;
    }

    /// <inheritdoc cref="BitWriter.Few"/>
    public int Few()
    {
        var zeros = 0;
        while (Bits(1) == 0 && !IsBroken)
        {
            if (++zeros >= FewBitsMax)
            {
                return (int)Break();
            }
        }

        return (int)((1L << zeros) + Bits(zeros) - 1);
    }

    /// <inheritdoc cref="BitWriter.Number"/>
    public long Number() => Bits((int)Bits(BitWriter.WidthBits));

    /// <inheritdoc cref="BitWriter.About"/>
    public long About(int low)
    {
        var rest = 0L;
        while (Bits(1) == 1)
        {
            rest++;
        }

        return rest > long.MaxValue >> low ? Break() : (rest << low) | Bits(low);
    }

    /// <summary>What was read cannot be.</summary>
    /// <returns>0.</returns>
    public long Break()
    {
        IsBroken = true;
        return 0;
    }
}
