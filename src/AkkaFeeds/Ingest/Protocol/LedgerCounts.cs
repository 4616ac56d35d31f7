using AkkaFeeds.Contracts;

namespace AkkaFeeds.Ingest.Protocol;

/// <summary>How many records below a floor went where; each record counted once, whatever the deliveries.</summary>
internal readonly record struct LedgerCounts(long Applied, long Filtered, long Late, long Quarantined)
{
    /// <summary>All of them.</summary>
    public long Consumed => Applied + Filtered + Late + Quarantined;

    /// <summary>These and one more.</summary>
    public LedgerCounts With(Outcome outcome, long count) => outcome switch
    {
        Outcome.Applied => this with { Applied = Applied + count },
        Outcome.Filtered => this with { Filtered = Filtered + count },
        Outcome.Late => this with { Late = Late + count },
        Outcome.Quarantined => this with { Quarantined = Quarantined + count },
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "a ledger counts records, not deliveries"),
    };
}
