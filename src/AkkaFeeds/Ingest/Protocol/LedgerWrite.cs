namespace AkkaFeeds.Ingest.Protocol;

/// <summary>
/// One write of a lane's ledger (rule 5): floor, counts and entries in one transaction. Every part is absolute or
/// keyed by its position, so that a write whose answer was lost is simply written again. It is also the event that
/// the ledger's journal holds.
/// </summary>
/// <param name="Lease">The lane's lease; a ledger held by another refuses.</param>
/// <param name="Floor">Every record below it is durable.</param>
/// <param name="NewestEventTime">The newest event time below it among records neither filtered nor quarantined, Unix
/// ms.</param>
/// <param name="Leader">Kafka's leader epoch of the newest record below it, and where that began.</param>
/// <param name="Counts">The records below it, by outcome.</param>
/// <param name="Entries">The entries below it that this lane has not stored yet.</param>
/// <param name="From">
/// The floor that it rises from: a ledger that stands elsewhere refuses, because the lane began with what the ledger
/// was before another lane moved it. Null from a node that does not say.
/// </param>
internal sealed record LedgerWrite(
    string Lease, long Floor, long NewestEventTime, LeaderMark Leader, LedgerCounts Counts,
    IReadOnlyList<LedgerEntry> Entries, long? From = null);

/// <summary>The ledger's second event: a lane has taken it over, and the one before it can write no more.</summary>
/// <param name="Lease">The new lease.</param>
/// <param name="DefinitionHash">The hash of the definition that the lane reads under.</param>
/// <param name="Floor">C from here on: the floor that stood, or the log's start where there was none or where the log
/// lost more.</param>
/// <param name="Lost">What the log had lost above the floor, and the operator let go; else null.</param>
internal sealed record LeaseTaken(string Lease, string DefinitionHash, long Floor, OffsetRange? Lost);

/// <summary>The ledger's third event: the operator lets go what the log has lost, once.</summary>
/// <param name="Range">What the log had lost when he did.</param>
internal sealed record LossLetGo(OffsetRange Range);

/// <summary>What a lane begins with: its ledger as it stood when the lease was taken.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="Floor">C.</param>
/// <param name="Counts">The records below it, by outcome.</param>
/// <param name="NewestEventTime">The newest event time below it, Unix ms, or <see cref="LateRule.None"/>.</param>
/// <param name="Leader">Kafka's leader epoch of the newest record below it, and where that began.</param>
internal sealed record LedgerView(
    string Lease, long Floor, LedgerCounts Counts, long NewestEventTime, LeaderMark Leader);

/// <summary>
/// A leader epoch as a lane met it. Leader epochs never fall along a log, so whoever folded a row at or behind
/// <paramref name="Start"/> under an older one stands on a log that was cut.
/// </summary>
/// <param name="Epoch">The leader epoch, or -1 where the broker does not say.</param>
/// <param name="Start">The offset of the first record that was read under it.</param>
internal readonly record struct LeaderMark(int Epoch, long Start)
{
    /// <summary>Nothing is known.</summary>
    public static LeaderMark None { get; } = new(-1, 0);

    /// <summary>Whether a row at this offset, folded under this leader epoch, is not in the log any more.</summary>
    public bool Contradicts(long offset, int leaderEpoch) =>
        Epoch >= 0 && offset >= Start && leaderEpoch >= 0 && leaderEpoch < Epoch;
}
