using AkkaFeeds.Contracts;

namespace AkkaFeeds.Ingest.Protocol;

/// <summary>What a ledger lists as quarantined, summed. Never changed.</summary>
/// <param name="Reasons">How many records by reason, sorted.</param>
/// <param name="Dated">How many of them the lane put aside itself, and has noted when they were.</param>
/// <param name="First">When the first of these was, by Kafka's timestamp, Unix ms.</param>
internal sealed record QuarantineSum(IReadOnlyList<KeyValuePair<string, long>> Reasons, long Dated, long First)
{
    /// <summary>Nothing was quarantined.</summary>
    public static QuarantineSum None { get; } = new([], 0, 0);

    /// <summary>The sum with more entries; those that are late count for nothing.</summary>
    public QuarantineSum With(IEnumerable<LedgerEntry> entries)
    {
        SortedDictionary<string, long>? counts = null;
        var (dated, first) = (Dated, First);
        foreach (var entry in entries.Where(entry => entry.Outcome == Outcome.Quarantined))
        {
            counts ??= new SortedDictionary<string, long>(Reasons.ToDictionary(), StringComparer.Ordinal);
            counts[entry.Reason] = counts.GetValueOrDefault(entry.Reason) + 1;
            if (entry.At > 0)
            {
                first = dated == 0 ? entry.At : Math.Min(first, entry.At);
                dated++;
            }
        }

        return counts is null ? this : new QuarantineSum([.. counts], dated, first);
    }

    /// <summary>
    /// Since when records of no known key are missing, Unix ms; null where one was put aside before that was noted.
    /// </summary>
    /// <param name="unkeyed">How many there are (<see cref="LedgerCounts.Unkeyed"/>).</param>
    public long? Since(long unkeyed) => unkeyed > 0 && Dated >= unkeyed ? First : null;
}
