namespace AkkaFeeds.LogOracle.Checks;

/// <summary>What one invariant came to.</summary>
/// <param name="Name">The invariant, by its number and name.</param>
/// <param name="Compared">How many things were compared; 0 makes the run void, not green.</param>
/// <param name="Violations">How many inequalities there were.</param>
/// <param name="Findings">The first of them.</param>
/// <param name="Figure">A figure for the report; empty for none.</param>
public sealed record CheckResult(
    string Name, long Compared, long Violations, IReadOnlyList<Finding> Findings, string Figure = "")
{
    /// <summary>Whether something was compared and all was equal.</summary>
    public bool Holds => Compared > 0 && Violations == 0;
}
