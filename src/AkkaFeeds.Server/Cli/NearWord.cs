namespace AkkaFeeds.Server.Cli;

/// <summary>Finds what somebody may have meant.</summary>
internal static class NearWord
{
    /// <summary>The known word that the fewest edits lead to, at most a third of its letters; null for none so
    /// near.</summary>
    public static string? Find(string typed, IEnumerable<string> known)
    {
        // Nobody means a verb with hundreds of letters, and the distance costs the product of the lengths.
        const int typedLengthMax = 64;
        if (typed.Length > typedLengthMax)
        {
            return null;
        }

        var best = known.Select(word => (Word: word, Distance: Distance(typed, word)))
            .OrderBy(pair => pair.Distance).ThenBy(pair => pair.Word, StringComparer.Ordinal).FirstOrDefault();
        return best.Word is not null && best.Distance <= Math.Max(1, best.Word.Length / 3) ? best.Word : null;
    }

    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substituted = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[right.Length];
    }
}
