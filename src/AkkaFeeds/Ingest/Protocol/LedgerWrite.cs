namespace AkkaFeeds.Ingest.Protocol;

/// <summary>
/// One write of a lane's ledger (rule 5): floor, counts and entries in one transaction. Every part is absolute or keyed by its
/// position, so that a write whose answer was lost is simply written again.
/// </summary>
/// <param name="Lease">The lane's lease; a ledger held by another refuses.</param>
/// <param name="Floor">Every record below it is durable.</param>
/// <param name="NewestEventTime">The newest event time below it among records neither filtered nor quarantined, Unix ms.</param>
/// <param name="LeaderEpoch">The leader epoch of the newest record below it, or -1.</param>
/// <param name="Counts">The records below it, by outcome.</param>
/// <param name="Entries">The entries below it that this lane has not stored yet.</param>
internal sealed record LedgerWrite(
    string Lease, long Floor, long NewestEventTime, int LeaderEpoch, LedgerCounts Counts, IReadOnlyList<LedgerEntry> Entries);
