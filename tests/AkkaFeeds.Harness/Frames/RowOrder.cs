using System.Globalization;
using System.Text;

namespace AkkaFeeds.Harness;

/// <summary>
/// The order of a collection: by one field, numbers before strings, absent last, then by the key's UTF-8 bytes; a
/// leading <c>-</c> descends.
/// </summary>
internal static class RowOrder
{
    /// <summary>The first key that stands wrong; null where none does or the rows cannot tell.</summary>
    public static string? FindMisplaced(
        IReadOnlyList<string> order, IReadOnlyDictionary<string, HeldView> rows, FrameRequest query)
    {
        var descends = query.Sort?.StartsWith('-') == true;
        var field = query.Sort?.TrimStart('-');
        if (field is not null && query.Fields?.Contains(field) == false)
        {
            return null;
        }

        for (var index = 1; index < order.Count; index++)
        {
            var (left, right) = (order[index - 1], order[index]);
            if (Compare(ValueOf(left), ValueOf(right), descends) is not { } compared)
            {
                return null;
            }

            if (compared > 0 || (compared == 0 && CompareBytes(left, right) >= 0))
            {
                return $"{left} ({ValueOf(left)}) before {right} ({ValueOf(right)})";
            }
        }

        return null;

        string? ValueOf(string key) => field is null ? null : rows[key].TextOf(field);
    }

    private static int CompareBytes(string left, string right) =>
        Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));

    private static int? Compare(string? left, string? right, bool descends)
    {
        if (RankOf(left) is not { } leftRank || RankOf(right) is not { } rightRank)
        {
            return null;
        }

        if (leftRank != rightRank || left is null || right is null)
        {
            return leftRank - rightRank;
        }

        var compared = leftRank == 0
            ? decimal.TryParse(left, out var a) && decimal.TryParse(right, out var b) ? a.CompareTo(b)
                : double.Parse(left, CultureInfo.InvariantCulture)
                    .CompareTo(double.Parse(right, CultureInfo.InvariantCulture))
            : CompareBytes(TextOf(left), TextOf(right));
        return descends ? -compared : compared;
    }

    private static string TextOf(string leaf) => System.Text.Json.JsonSerializer.Deserialize<string>(leaf)!;

    // What is neither a number nor a string has no place that the protocol names.
    private static int? RankOf(string? leaf) => leaf switch
    {
        null => 2,
        ['"', ..] => 1,
        ['-' or (>= '0' and <= '9'), ..] => 0,
        _ => null,
    };
}
