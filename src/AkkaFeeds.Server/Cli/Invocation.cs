namespace AkkaFeeds.Server.Cli;

/// <summary>A command line that was understood.</summary>
/// <param name="Verb">The verb.</param>
/// <param name="WantsHelp">Whether <c>--help</c> stands somewhere: nothing else counts then.</param>
/// <param name="Arguments">The arguments, as many as the verb takes.</param>
/// <param name="Options">The values by option; empty text for a switch.</param>
internal sealed record Invocation(
    Verb Verb, bool WantsHelp, IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Options)
{
    public bool Has(string option) => Options.ContainsKey(option);

    public string? Value(string option) => Options.TryGetValue(option, out var values) ? values[^1] : null;

    public IReadOnlyList<string> Values(string option) => Options.TryGetValue(option, out var values) ? values : [];

    /// <summary>The values of <c>--set</c> as name and value.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Sets() => [.. Values("--set").Select(Pair)];

    private static KeyValuePair<string, string> Pair(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? new(text[..equals], text[(equals + 1)..])
            : throw UsageError.Of(
                "--set", $"{Edge.ShownText.Quote(text)} has no name and value", "write --set section.name=value");
    }
}
