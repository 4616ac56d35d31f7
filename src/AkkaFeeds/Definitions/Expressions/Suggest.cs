namespace AkkaFeeds.Definitions.Expressions;

/// <summary>Finds the name that was probably meant.</summary>
internal static class Suggest
{
    /// <summary><c>did you mean X?</c>, or the list of what exists.</summary>
    public static string From(string name, IEnumerable<string> known, string prefix = "")
    {
        var all = known.ToList();
        var nearest = all
            .Select(candidate => (candidate, distance: Distance(name, candidate)))
            .OrderBy(pair => pair.distance)
            .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .FirstOrDefault();
        if (nearest.candidate is { } best && nearest.distance <= Math.Max(1, name.Length / 3))
        {
            return $"did you mean {prefix}{best}?";
        }

        return all.Count == 0 ? "see docs/language.md"
            : $"one of {string.Join(", ", all.Select(item => prefix + item).Take(40))}";
    }

    // Levenshtein without case; names are short.
    private static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var row = 1; row <= left.Length; row++)
        {
            var current = new int[right.Length + 1];
            current[0] = row;
            for (var column = 1; column <= right.Length; column++)
            {
                var same = char.ToLowerInvariant(left[row - 1]) == char.ToLowerInvariant(right[column - 1]);
                current[column] = Math.Min(
                    Math.Min(current[column - 1], previous[column]) + 1,
                    previous[column - 1] + (same ? 0 : 1));
            }

            previous = current;
        }

        return previous[right.Length];
    }
}
