using System.Text.Json;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Expressions;

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

        using var left = JsonDocument.Parse(expected, ViewDepth.OfDocuments);
        using var right = JsonDocument.Parse(actual, ViewDepth.OfDocuments);
        return JsonEquality.AreEqual(left.RootElement, right.RootElement);
    }
}
