namespace AkkaFeeds.Chaos.Traffic;

/// <summary>The feeds of the chaos runs, as they stand in a file, and the keys of the main one.</summary>
internal static class ChaosFeed
{
    public const string Main = "totals";
    public const string Poisoned = "poison";
    public const int Partitions = 6;

    /// <summary>Keys whose records are all in one partition.</summary>
    public static IReadOnlyList<string> Plain { get; } = [.. Enumerable.Range(0, 16).Select(index => $"K{index:00}")];

    /// <summary>Keys whose records are in every partition.</summary>
    public static IReadOnlyList<string> Spread { get; } = [.. Enumerable.Range(0, 8).Select(index => $"S{index:00}")];

    /// <summary>Keys whose records come in transactions.</summary>
    public static IReadOnlyList<string> Transacted { get; } =
        [.. Enumerable.Range(0, 8).Select(index => $"T{index:00}")];

    public static IReadOnlyList<string> Keys { get; } = [.. Plain, .. Spread, .. Transacted];

    /// <summary>
    /// The feed whose every view is recomputed; the oracle's KeyTotals says the same in its own words.
    /// </summary>
    public static string MainYaml(string topic) => $$"""
          {{Main}}:
            from: { topic: {{topic}}, format: json }
            key: k
            time: at
            slots: 16
            view:
              n: count()
              total: sum(amount)
              low: min(amount)
              high: max(amount)
              mean: avg(amount)
              big: count(amount > 500)
              digest: sum(h)
              newest: last({seq, amount})
              top: top(kind, 3)
              kinds: distinct(kind)
            freshness: { slo: 2s }
        """;

    /// <summary>The feed that gets records which cannot be folded.</summary>
    public static string PoisonedYaml(string topic) => $$"""
          {{Poisoned}}:
            from: { topic: {{topic}}, format: json }
            key: k
            slots: 2
            view:
              n: count()
              total: sum(amount)
        """;
}
