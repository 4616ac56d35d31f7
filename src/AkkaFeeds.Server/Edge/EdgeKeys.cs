using AkkaFeeds.Contracts;

namespace AkkaFeeds.Server.Edge;

/// <summary>Keys as requests name them.</summary>
internal static class EdgeKeys
{
    public const string Rule = "a key is 1 to 512 bytes of UTF-8 without NUL.";

    /// <summary>The key of the query form, which takes every possible key.</summary>
    public static KeyName FromText(string text) => KeyName.IsPossible(text)
        ? new KeyName("", text)
        : throw new ProblemException(ProblemCodes.BadKey, $"{ShownText.Quote(text)} cannot be a key; {Rule}");

    /// <summary>The beginning of keys: as a key, but it may be empty or left out.</summary>
    public static string Prefix(string? text) => string.IsNullOrEmpty(text) || KeyName.IsPossible(text)
        ? text ?? ""
        : throw new ProblemException(ProblemCodes.BadKey, "prefix cannot begin a key; " + Rule);

    /// <summary>
    /// The key of the path form. Proxies and clients rewrite <c>.</c>, <c>..</c>, encoded slashes and percent signs in
    /// paths, each in its own way; such keys are taken from a query only, which nobody rewrites.
    /// </summary>
    public static KeyName FromSegment(string raw)
    {
        var text = PercentText.Decode(raw, plusIsSpace: false) ?? throw new ProblemException(
            ProblemCodes.BadKey, $"The key {ShownText.Quote(raw)} in the path is not percent-encoded UTF-8; {Rule}");
        var key = FromText(text);
        return text is "." or ".." || text.Any(character => character is '/' or '%' || char.IsControl(character))
            ? throw new ProblemException(
                ProblemCodes.BadKey,
                $"A path cannot name the key {ShownText.Quote(text)} safely; ask for /v1/feeds/FEED/key?key=KEY.")
            : key;
    }
}
