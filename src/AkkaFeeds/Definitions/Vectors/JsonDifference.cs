using System.Globalization;
using System.Text.Json;

namespace AkkaFeeds.Definitions.Vectors;

/// <summary>Compares JSON by content: members in any order, numbers by value.</summary>
internal static class JsonDifference
{
    public static bool AreSame(string? expected, string? actual)
    {
        if (expected is null || actual is null)
        {
            return expected is null && actual is null;
        }

        using var left = JsonDocument.Parse(expected);
        using var right = JsonDocument.Parse(actual);
        return AreSame(left.RootElement, right.RootElement);
    }

    private static bool AreSame(JsonElement left, JsonElement right)
    {
        if (left.ValueKind != right.ValueKind)
        {
            return false;
        }

        switch (left.ValueKind)
        {
            case JsonValueKind.Object:
                var members = left.EnumerateObject().ToList();
                return members.Count == right.EnumerateObject().Count()
                    && members.TrueForAll(
                        member => right.TryGetProperty(member.Name, out var other) && AreSame(member.Value, other));
            case JsonValueKind.Array:
                return left.GetArrayLength() == right.GetArrayLength()
                    && left.EnumerateArray().Zip(right.EnumerateArray(), AreSame).All(same => same);
            case JsonValueKind.Number:
                return SameNumber(left.GetRawText(), right.GetRawText());
            case JsonValueKind.String:
                return left.GetString() == right.GetString();
            default:
                return true;
        }
    }

    // Whole numbers of 64 bits exactly; all others as doubles, which is how they were computed.
    private static bool SameNumber(string left, string right)
    {
        var leftWhole = long.TryParse(left, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var a);
        var rightWhole = long.TryParse(right, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var b);
        return leftWhole && rightWhole
            ? a == b
            : double.Parse(left, CultureInfo.InvariantCulture)
                .Equals(double.Parse(right, CultureInfo.InvariantCulture));
    }
}
