namespace AkkaFeeds.Chaos.Reporting;

/// <summary>What came of one fault.</summary>
/// <param name="Id">The row of the matrix.</param>
/// <param name="Name">What broke.</param>
/// <param name="Seed">Of the round.</param>
/// <param name="Outcome">One of the constants.</param>
/// <param name="Fired">The proof's counter.</param>
/// <param name="Proof">What it counted.</param>
/// <param name="RecoveryMs">From the cause's end until everybody was live and right; -1 where it never was.</param>
/// <param name="Note">What was wrong or lacking.</param>
internal sealed record FaultRecord(
    string Id, string Name, int Seed, string Outcome, long Fired, string Proof, long RecoveryMs, string Note)
{
    /// <summary>It happened, and all was well again.</summary>
    public const string Survived = "survived";

    /// <summary>It happened, and something was wrong.</summary>
    public const string Violated = "violated";

    /// <summary>Nothing proves that it happened.</summary>
    public const string Inconclusive = "inconclusive";

    /// <summary>Others used the machine.</summary>
    public const string Void = "void";

    /// <summary>The machine lacks what it wants.</summary>
    public const string Unavailable = "unavailable";
}
