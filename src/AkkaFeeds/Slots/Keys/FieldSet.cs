namespace AkkaFeeds.Slots.Keys;

/// <summary>A set of a view's fields, by their index; 256 at the most.</summary>
internal record struct FieldSet(ulong First, ulong Second, ulong Third, ulong Fourth)
{
    /// <summary>The most fields a view has.</summary>
    public const int FieldsMax = 256;

    public readonly bool IsEmpty => (First | Second | Third | Fourth) == 0;

    /// <summary>Fields 0 to <paramref name="count"/> exclusive.</summary>
    public static FieldSet UpTo(int count)
    {
        var set = default(FieldSet);
        for (var index = 0; index < count; index++)
        {
            set.Add(index);
        }

        return set;
    }

    public void Add(int index)
    {
        var bit = 1UL << (index & 63);
        switch (index >> 6)
        {
            case 0: First |= bit; break;
            case 1: Second |= bit; break;
            case 2: Third |= bit; break;
            case 3: Fourth |= bit; break;
            default: throw new ArgumentOutOfRangeException(nameof(index));
        }
    }

    public void Add(in FieldSet other)
    {
        First |= other.First;
        Second |= other.Second;
        Third |= other.Third;
        Fourth |= other.Fourth;
    }

    public readonly bool Contains(int index) => (((index >> 6) switch
    {
        0 => First,
        1 => Second,
        2 => Third,
        _ => Fourth,
    } >> (index & 63)) & 1) != 0;
}
