using AkkaFeeds.Contracts;

namespace AkkaFeeds.Freshness;

/// <summary>Where a lane is; made twice a second, and at once when its condition changes.</summary>
/// <param name="Lane">The lane.</param>
/// <param name="Position">The next offset that it will read.</param>
/// <param name="End">The end of the log as last seen, exclusive.</param>
/// <param name="ReadAt">
/// The instant up to which the partition has been read, Unix ms: at the log's end the time of the last contact, else
/// the Kafka timestamp of the last record read, or when the lane last stood at the log's end, whichever is later.
/// </param>
/// <param name="ContactAt">When the broker last answered for this partition, Unix ms.</param>
/// <param name="Missing">Whether records of no key are known to be missing (quarantined without a key, a lost
/// range).</param>
/// <param name="HeldSince">
/// Since when an open transaction holds records back behind the end, Unix ms; null where none does.
/// </param>
internal sealed record LaneReport(
    LaneId Lane, long Position, long End, long ReadAt, long ContactAt, string? Missing, long? HeldSince = null)
{
    /// <summary>How many records its ledger lists as quarantined, by reason, since the log was first read.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Quarantined { get; init; } = [];

    /// <summary>
    /// Since when the records of <see cref="Missing"/> are missing: Kafka's timestamp of the first of them, Unix ms;
    /// null where that is not known.
    /// </summary>
    public long? MissingSince { get; init; }
}
