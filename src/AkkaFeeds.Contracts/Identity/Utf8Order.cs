namespace AkkaFeeds.Contracts;

/// <summary>The order of texts by their UTF-8 bytes, without encoding them.</summary>
public sealed class Utf8Order : IComparer<string>
{
    private Utf8Order()
    {
    }

    /// <summary>The comparer.</summary>
    public static Utf8Order Instance { get; } = new();

    /// <summary>
    /// Below 0 where <paramref name="left"/> comes first, above 0 where it comes last, 0 where they are equal.
    /// </summary>
    public static int Compare(string left, string right)
    {
        var common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        // UTF-16 orders surrogates (U+10000 and above) before U+E000..U+FFFF, UTF-8 behind them.
        return Fix(left[common]).CompareTo(Fix(right[common]));
    }

    int IComparer<string>.Compare(string? x, string? y) => Compare(x ?? "", y ?? "");

    private static int Fix(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
