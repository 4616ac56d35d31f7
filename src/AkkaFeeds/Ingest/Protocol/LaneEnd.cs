namespace AkkaFeeds.Ingest.Protocol;

/// <summary>Why a lane ended.</summary>
internal enum LaneEndReason
{
    /// <summary>
    /// The partition was revoked, or the feed paused or stopped; what could be made durable in time was.
    /// </summary>
    Revoked,

    /// <summary>The partition was lost: another consumer may be reading it already.</summary>
    Lost,

    /// <summary>The ledger has been given to another lane.</summary>
    Stale,

    /// <summary><c>lost-range</c>: the log no longer has records at or above the position.</summary>
    LostRange,

    /// <summary><c>source-changed</c>: the log is shorter than what was read of it.</summary>
    SourceChanged,
}

/// <summary>The end of a lane.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Range">For lost-range and source-changed the offsets concerned, else empty.</param>
internal readonly record struct LaneEnd(LaneEndReason Reason, OffsetRange Range = default);

/// <summary>A stretch of a partition.</summary>
/// <param name="FromInclusive">Its first offset.</param>
/// <param name="ToExclusive">The first offset behind it.</param>
internal readonly record struct OffsetRange(long FromInclusive, long ToExclusive)
{
    /// <inheritdoc/>
    public override string ToString() => $"{FromInclusive}..{ToExclusive}";
}
