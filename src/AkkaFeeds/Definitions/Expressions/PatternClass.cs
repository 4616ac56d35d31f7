using System.Globalization;
using System.Text;

namespace AkkaFeeds.Definitions.Expressions;

/// <summary>
/// A set of characters of a pattern, in the form of .NET's engine. That one sees units of UTF-16: a character beyond
/// U+FFFF is two of them, and here it belongs to the sets that are what others are not, and to no others.
/// </summary>
internal sealed class PatternClass(bool ignoresCase)
{
    private const string Halves = @"\uD800-\uDFFF";
    private const string Pair = @"[\uD800-\uDBFF][\uDC00-\uDFFF]";

    // The first and the last character of each range; of ASCII alone, as in RE2.
    private static readonly Dictionary<string, string> Named = new()
    {
        ["d"] = "09",
        ["s"] = "\t\n\f\r  ",
        ["w"] = "09AZ__az",
        ["alnum"] = "09AZaz",
        ["alpha"] = "AZaz",
        ["ascii"] = "\0\x7f",
        ["blank"] = "\t\t  ",
        ["cntrl"] = "\0\x1f\x7f\x7f",
        ["digit"] = "09",
        ["graph"] = "!~",
        ["lower"] = "az",
        ["print"] = " ~",
        ["punct"] = "!/:@[`{~",
        ["space"] = "\t\r  ",
        ["upper"] = "AZ",
        ["word"] = "09AZ__az",
        ["xdigit"] = "09AFaf",
    };

    private static readonly HashSet<string> Categories =
    [
        "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe",
        "Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "C", "Cc", "Cf", "Co",
    ];

    private readonly StringBuilder items = new();
    private bool hasPairs;

    /// <summary>A character as it can stand anywhere in a pattern.</summary>
    public static string Escaped(int unit) => char.IsAsciiLetterOrDigit((char)unit)
        ? ((char)unit).ToString()
        : string.Create(CultureInfo.InvariantCulture, $@"\u{unit:X4}");

    public void Add(char first, char last)
    {
        items.Append(Escaped(first));
        if (first != last)
        {
            items.Append('-').Append(Escaped(last));
        }
    }

    /// <summary>Adds what has a name, or all that it is not; false where there is no such name.</summary>
    public bool TryAddNamed(string name, bool isNegated)
    {
        if (!Named.TryGetValue(name, out var ranges))
        {
            return false;
        }

        if (isNegated)
        {
            AddOthers(ranges);
            return true;
        }

        for (var index = 0; index < ranges.Length; index += 2)
        {
            Add(ranges[index], ranges[index + 1]);
        }

        return true;
    }

    /// <summary>Adds a category of Unicode; false where there is none of that name.</summary>
    public bool TryAddCategory(string name, bool isNegated)
    {
        items.Append(isNegated ? @"\P{" : @"\p{").Append(name).Append('}');
        hasPairs |= isNegated;
        return Categories.Contains(name);
    }

    /// <summary>The set, or all that is not in it.</summary>
    public string ToText(bool isNegated)
    {
        if (isNegated)
        {
            return hasPairs ? $"[^{items}{Halves}]" : $"(?:[^{items}{Halves}]|{Pair})";
        }

        return hasPairs ? $"(?:[{items}-[{Halves}]]|{Pair})" : $"[{items}]";
    }

    // Where case does not matter, the case comes first and "not" after it: K and its like are no \W.
    private void AddOthers(string ranges)
    {
        hasPairs = true;
        var first = -1;
        for (var unit = 0; unit <= char.MaxValue + 1; unit++)
        {
            var isOther = unit <= char.MaxValue && !IsIn(ranges, (char)unit)
                && !(ignoresCase && (IsIn(ranges, char.ToLowerInvariant((char)unit))
                    || IsIn(ranges, char.ToUpperInvariant((char)unit))));
            if (isOther && first < 0)
            {
                first = unit;
            }
            else if (!isOther && first >= 0)
            {
                Add((char)first, (char)(unit - 1));
                first = -1;
            }
        }
    }

    private static bool IsIn(string ranges, char unit)
    {
        for (var index = 0; index < ranges.Length; index += 2)
        {
            if (unit >= ranges[index] && unit <= ranges[index + 1])
            {
                return true;
            }
        }

        return false;
    }
}
