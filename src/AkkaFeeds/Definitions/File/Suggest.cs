namespace AkkaFeeds.Definitions.Files;

/// <summary>The word that was probably meant.</summary>
internal static class Suggest
{
    // Longer words are not typing errors of ours, and the table of the distance is quadratic.
    private const int WordCharactersMax = 64;

    /// <summary>The nearest of the candidates by edit distance; null where none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        if (word.Length is 0 or > WordCharactersMax)
        {
            return null;
        }

        var wanted = Plain(word);
        var best = candidates
            .Select(candidate => (candidate, distance: Distance(wanted, Plain(LastPart(candidate)))))
            .OrderBy(pair => pair.distance)
            .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.candidate is not null && best.distance < wanted.Length
            && best.distance <= Math.Max(1, wanted.Length / 3) ? best.candidate : null;
    }

    /// <summary>A sentence for an unknown word: what was meant, else all that is known.</summary>
    public static string For(string word, IReadOnlyCollection<string> candidates) =>
        Nearest(word, candidates) is { } near ? $"did you mean {near}?"
        : candidates.Count == 0 ? "remove it"
        : $"known here: {string.Join(", ", candidates)}";

    // Case, `-` and `_` are what is confused most, and cost nothing.
    private static string Plain(string word) =>
        word.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    private static string LastPart(string path) => path[(path.LastIndexOf('.') + 1)..];

    private static int Distance(string left, string right)
    {
        if (right.Length > WordCharactersMax)
        {
            return int.MaxValue;
        }

        var table = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                table[i, j] = i == 0 ? j : j == 0 ? i : Cell(table, left, right, i, j);
            }
        }

        return table[left.Length, right.Length];
    }

    private static int Cell(int[,] table, string left, string right, int i, int j)
    {
        var cost = left[i - 1] == right[j - 1] ? 0 : 1;
        var best = Math.Min(Math.Min(table[i - 1, j] + 1, table[i, j - 1] + 1), table[i - 1, j - 1] + cost);
        var swapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
        return swapped ? Math.Min(best, table[i - 2, j - 2] + 1) : best;
    }
}
