using AkkaFeeds.Contracts;
using AkkaFeeds.Ingest.Protocol;

namespace AkkaFeeds.Ingest;

/// <summary>What a lane asks its ledger, and what the ledger answers.</summary>
internal static class LedgerMessages
{
    /// <summary>
    /// A lane wants the ledger; answered by <see cref="Taken"/> once that is durable, or by <see cref="Denied"/>.
    /// </summary>
    /// <param name="Lane">The lane.</param>
    /// <param name="Lease">Its lease, unique to its incarnation.</param>
    /// <param name="Definition">The hash of the definition that it reads under.</param>
    /// <param name="LogStart">The log's first offset, asked for by this lane.</param>
    public sealed record Take(LaneId Lane, string Lease, string Definition, long LogStart) : ILedgerMessage;

    /// <summary>The lane holds the ledger, and starts from this.</summary>
    /// <param name="Lane">The lane.</param>
    /// <param name="View">Where it starts.</param>
    /// <param name="Lost">What the log had lost before it was read, and the operator let go, since ever.</param>
    /// <param name="Quarantined">What it lists as quarantined, summed.</param>
    public sealed record Taken(
        LaneId Lane, LedgerView View, IReadOnlyList<OffsetRange> Lost, QuarantineSum Quarantined) : IFeedMessage;

    /// <summary>The lane may not have it.</summary>
    /// <param name="Lane">The lane.</param>
    /// <param name="Lease">The lease that it asked for.</param>
    /// <param name="Answer">Why.</param>
    /// <param name="Lost">For lost-range what the log has lost, else null.</param>
    public sealed record Denied(LaneId Lane, string Lease, LeaseAnswer Answer, OffsetRange? Lost) : IFeedMessage;

    /// <summary>What loss holds the lane back? Answered by <see cref="Loss"/>.</summary>
    /// <param name="Lane">The lane.</param>
    /// <param name="LetGo">Whether the operator lets it go: the next lane goes on behind it.</param>
    public sealed record GetLoss(LaneId Lane, bool LetGo) : ILedgerMessage;

    /// <summary>The loss that holds the lane back, which by now may have been let go; null where none does.</summary>
    public sealed record Loss(LaneId Lane, OffsetRange? Range) : IFeedMessage;

    /// <summary>Store this; answered by <see cref="Written"/> once durable, or by <see cref="Refused"/>.</summary>
    public sealed record Write(LaneId Lane, LedgerWrite Content) : ILedgerMessage;

    /// <summary>The write is durable.</summary>
    public sealed record Written(LaneId Lane, string Lease, long Floor) : IFeedMessage;

    /// <summary>Another lane holds the ledger: the asker ends.</summary>
    public sealed record Refused(LaneId Lane, string Lease, string Holder) : IFeedMessage;

    /// <summary>Are you recovered? Answered by <see cref="Status"/> once the ledger is.</summary>
    public sealed record GetStatus(LaneId Lane) : ILedgerMessage;

    /// <summary>A ledger that has recovered its journal.</summary>
    public sealed record Status(LaneId Lane) : IFeedMessage;

    /// <summary>What do you list? Answered by <see cref="EntryList"/>.</summary>
    public sealed record GetEntries(LaneId Lane) : ILedgerMessage;

    /// <summary>The counts, all quarantined and late records, and the ranges that the log had lost.</summary>
    public sealed record EntryList(
        LaneId Lane, LedgerCounts Counts, IReadOnlyList<LedgerEntry> Entries, IReadOnlyList<OffsetRange> Lost)
            : IFeedMessage;
}

/// <summary>What a ledger's journal holds.</summary>
internal static class LedgerEvents
{
    /// <summary>A lane took the ledger over.</summary>
    public sealed record Took(LeaseTaken Content) : IFeedMessage;

    /// <summary>A write was stored.</summary>
    public sealed record Stored(LedgerWrite Content) : IFeedMessage;

    /// <summary>The operator let a loss go.</summary>
    public sealed record LetGo(LossLetGo Content) : IFeedMessage;

    /// <summary>All of a ledger, instead of the events before it.</summary>
    public sealed record Snapshot(
        LedgerView View, string Definition, IReadOnlyList<LedgerEntry> Entries, IReadOnlyList<OffsetRange> Lost,
        bool LetsGo) : IFeedMessage;
}
