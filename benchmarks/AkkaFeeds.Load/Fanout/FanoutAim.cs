namespace AkkaFeeds.Load;

/// <summary>What a scenario is held against.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="What">What is aimed at, with its limit.</param>
/// <param name="Measured">What came.</param>
/// <param name="IsMet">Whether it is met.</param>
/// <param name="Void">Why the run says nothing about it; null where it does.</param>
internal sealed record FanoutAim(string Scenario, string What, string Measured, bool IsMet, string? Void)
{
    /// <summary>met, missed, or why neither is known.</summary>
    public string Verdict => Void ?? (IsMet ? "met" : "missed");
}
