using System.Diagnostics;

namespace AkkaFeeds.Chaos.Faults;

/// <summary>What a fault did.</summary>
/// <param name="Fired">The proof that it happened: how often; 0 makes it inconclusive.</param>
/// <param name="Proof">What was counted.</param>
internal sealed record FaultEffect(long Fired, string Proof)
{
    /// <summary>Since when the cause is gone, so that recovery is measured from there.</summary>
    public Stopwatch Gone { get; init; } = Stopwatch.StartNew();

    /// <summary>The recovery, where the fault has measured it itself.</summary>
    public TimeSpan? Recovery { get; init; }

    /// <summary>What was wrong, beside what clients and the oracle see; null for nothing.</summary>
    public string? Wrong { get; init; }
}
