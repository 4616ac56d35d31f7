using AkkaFeeds.LogOracle.Checks;

namespace AkkaFeeds.Chaos.Reporting;

/// <summary>What came of one round of processes.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Commit">The product's commit.</param>
/// <param name="Day">When.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Records">How many records were acknowledged.</param>
/// <param name="Frames">How many lines the history has.</param>
/// <param name="Faults">Its faults.</param>
/// <param name="Checks">What the oracle found, and what the clients' own checker found.</param>
internal sealed record RoundRecord(
    int Seed, string Commit, string Day, double Seconds, long Records, long Frames, IReadOnlyList<FaultRecord> Faults,
    IReadOnlyList<CheckResult> Checks)
{
    /// <summary>Whether nothing was wrong, and everything that was to be seen was seen.</summary>
    public bool IsGreen => Failed == 0;

    /// <summary>Checks that held: faults survived and comparisons that were equal.</summary>
    public int Passed =>
        Faults.Count(fault => fault.Outcome == FaultRecord.Survived) + Checks.Count(check => check.Holds);

    /// <summary>Faults without proof or not survived, and comparisons that were not equal.</summary>
    public int Failed =>
        Faults.Count(fault => fault.Outcome is FaultRecord.Violated or FaultRecord.Inconclusive)
        + Checks.Count(check => !check.Holds);

    /// <summary>Faults that say nothing, because of the machine.</summary>
    public int Skipped => Faults.Count(fault => fault.Outcome is FaultRecord.Void or FaultRecord.Unavailable);
}
