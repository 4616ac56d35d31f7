using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Definitions.Aggregates;

/// <summary>
/// A sum of doubles without any rounding, as non-overlapping partial sums of rising magnitude (Shewchuk; Python's
/// math.fsum).
/// Its exact value, and so its shown and its encoded form, do not depend on the order of the terms.
/// </summary>
internal sealed class ExactSum
{
    // Doubles span 2,098 bits, of which each partial holds 53 of its own once they are compact: 40 are then enough.
    // Between, each term may leave one more.
    private const int PartialsMax = 64;

    private double[] partials = new double[2];
    private int count;

    /// <summary>
    /// Adds a term; false, and nothing changed, where a partial sum would leave the range of doubles.
    /// </summary>
    public bool TryAdd(double term)
    {
        Span<double> next = stackalloc double[PartialsMax];
        var length = 0;
        for (var index = 0; index < count; index++)
        {
            var other = partials[index];
            var (large, small) = Math.Abs(term) < Math.Abs(other) ? (other, term) : (term, other);
            var sum = large + small;
            var error = small - (sum - large);
            if (error != 0)
            {
                next[length++] = error;
            }

            term = sum;
        }

        if (!double.IsFinite(term))
        {
            return false;
        }

        if (term != 0)
        {
            next[length++] = term;
        }

        if (partials.Length < length)
        {
            partials = new double[length + 2];
        }

        next[..length].CopyTo(partials);
        count = length;
        if (length == PartialsMax)
        {
            Compact();
        }

        return true;
    }

    /// <summary>Adds a whole number, of which a double may hold only a part.</summary>
    public void Add(long term)
    {
        var low = term & 0xffffffff;
        TryAdd(term - low);
        TryAdd(low);
    }

    /// <summary>Adds a whole number of 128 bits.</summary>
    public void Add(Int128 term)
    {
        for (var shift = 0; shift < 96; shift += 32)
        {
            TryAdd((double)(uint)(term & 0xffffffff) * Math.ScaleB(1, shift));
            term >>= 32;
        }

        TryAdd((double)(long)term * Math.ScaleB(1, 96));
    }

    /// <summary>The sum, rounded once, half to even.</summary>
    public double Rounded()
    {
        if (count == 0)
        {
            return 0;
        }

        var index = count - 1;
        var high = partials[index];
        var low = 0.0;
        while (index > 0)
        {
            var before = high;
            var next = partials[--index];
            high = before + next;
            low = next - (high - before);
            if (low != 0)
            {
                break;
            }
        }

        // Half-way cases are decided by the sign of what lies below them.
        if (index > 0 && ((low < 0 && partials[index - 1] < 0) || (low > 0 && partials[index - 1] > 0)))
        {
            var twice = low * 2;
            var moved = high + twice;
            if (twice == moved - high)
            {
                high = moved;
            }
        }

        return high;
    }

    /// <summary>
    /// Writes the one form that its exact value has: the rounded sum, then the rounded rest, and so on.
    /// </summary>
    public void Encode(StateWriter writer)
    {
        var rest = new ExactSum { partials = (double[])partials.Clone(), count = count };
        Span<double> terms = stackalloc double[PartialsMax];
        var length = 0;
        while (rest.count > 0)
        {
            var term = rest.Rounded();
            terms[length++] = term;
            rest.TryAdd(-term);
        }

        writer.Unsigned((ulong)length);
        foreach (var term in terms[..length])
        {
            writer.Double(term);
        }
    }

    // The same value in as few partials as hold it, by Shewchuk's compression: downwards each takes up all bits that
    // it has room for, and upwards what was rounded is put right, so that no two of them touch.
    private void Compact()
    {
        var bottom = count - 1;
        var sum = partials[bottom];
        for (var index = count - 2; index >= 0; index--)
        {
            var (high, low) = AddSmaller(sum, partials[index]);
            if (low != 0)
            {
                partials[bottom--] = high;
            }

            sum = low != 0 ? low : high;
        }

        var top = 0;
        for (var index = bottom + 1; index < count; index++)
        {
            var (high, low) = AddSmaller(partials[index], sum);
            if (low != 0)
            {
                partials[top++] = low;
            }

            sum = high;
        }

        partials[top++] = sum;
        count = top;
    }

    private static (double Sum, double Error) AddSmaller(double large, double small)
    {
        var sum = large + small;
        return (sum, small - (sum - large));
    }

    public static ExactSum Decode(ref StateReader reader)
    {
        var sum = new ExactSum();
        for (var left = reader.Count(); left > 0; left--)
        {
            sum.TryAdd(reader.Double());
        }

        return sum;
    }
}
