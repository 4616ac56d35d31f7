namespace AkkaFeeds.Ingest.Protocol;

/// <summary>
/// Decides <c>late</c> while records are classified: a record is late when it is older, by more than the feed allows,
/// than the newest event time among the records before it in its partition that were neither filtered nor quarantined
/// by the lane. What is below the floor is one number in the ledger, so each reading of the log decides alike.
/// </summary>
/// <param name="lateMilliseconds">How much older a record may be; null where none is late.</param>
internal sealed class LateRule(long? lateMilliseconds)
{
    /// <summary>No record has been seen.</summary>
    public const long None = long.MinValue;

    /// <summary>The newest event time so far, Unix ms, or <see cref="None"/>.</summary>
    public long Newest { get; private set; } = None;

    /// <summary>
    /// Starts again at the floor: at the lane's start and at each rewind, with the value that the lane gives.
    /// </summary>
#if DEFECT_LATE_RULE_KEPT
    public void Reset(long newest) => Newest = Math.Max(Newest, newest);
#else
    public void Reset(long newest) => Newest = newest;
#endif

    /// <summary>
    /// Takes one record that is neither filtered nor quarantined, in the order of the log, and says whether it is
    /// late.
    /// </summary>
    public bool IsLate(long eventTime)
    {
        if (eventTime >= Newest)
        {
            Newest = eventTime;
            return false;
        }

        // The subtraction may pass 64 bits for absurd times; unsigned it is exact, because eventTime is below Newest.
        return lateMilliseconds is { } allowed && (ulong)(Newest - eventTime) > (ulong)allowed;
    }
}
