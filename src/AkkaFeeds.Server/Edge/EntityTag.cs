namespace AkkaFeeds.Server.Edge;

/// <summary>Tags of snapshots in headers and queries.</summary>
internal static class EntityTag
{
    /// <summary>Whether an <c>If-None-Match</c> names the tag; weak and strong tags compare alike (RFC 9110,
    /// 13.1.2).</summary>
    public static bool Matches(IEnumerable<string?> header, string tag)
    {
        foreach (var part in header.SelectMany(line => (line ?? "").Split(',')))
        {
            var candidate = part.Trim();
            if (candidate == "*")
            {
                return true;
            }

            candidate = candidate.StartsWith("W/", StringComparison.Ordinal) ? candidate[2..] : candidate;
            if (candidate is ['"', .. var inner, '"'] && inner == tag)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether a text has the form <c>epoch-version</c> or <c>epoch-version-STATE</c>. Another text, such as one with
    /// its quotes on, would differ from every tag, and its long poll would spin.
    /// </summary>
    public static bool IsWellFormed(string text)
    {
        var parts = text.Split('-');
        return parts.Length is 2 or 3
            && parts[0].Length > 0 && parts[0].All(IsEpochCharacter)
            && parts[1].Length is > 0 and <= 19 && parts[1].All(char.IsAsciiDigit)
            && (parts.Length == 2 || parts[2] is "stale" or "partial" or "rebuilding" or "blank");
    }

    private static bool IsEpochCharacter(char character) =>
        char.IsAsciiLetterOrDigit(character) || character is '.' or '_';
}
