using AkkaFeeds.Contracts;
using AkkaFeeds.Ingest.Protocol;

namespace AkkaFeeds.Ingest;

/// <summary>What a lane asks its ledger, and what the ledger answers.</summary>
internal static class LedgerMessages
{
    /// <summary>A lane takes the ledger over; answered by <see cref="Taken"/> once that is durable.</summary>
    public sealed record Take(LaneId Lane, string Lease) : ILedgerMessage;

    /// <summary>The lane holds the ledger, and starts from this account.</summary>
    public sealed record Taken(LaneId Lane, string Lease, LedgerAccount Account) : IFeedMessage;

    /// <summary>Store this; answered by <see cref="Written"/> once durable, or by <see cref="Refused"/>.</summary>
    public sealed record Write(LaneId Lane, LedgerWrite Content) : ILedgerMessage;

    /// <summary>The write is durable.</summary>
    public sealed record Written(LaneId Lane, string Lease, long Floor) : IFeedMessage;

    /// <summary>What do you list? Answered by <see cref="EntryList"/>.</summary>
    public sealed record GetEntries(LaneId Lane) : ILedgerMessage;

    /// <summary>The account and all quarantined and late records.</summary>
    public sealed record EntryList(LaneId Lane, LedgerAccount Account, IReadOnlyList<LedgerEntry> Entries) : IFeedMessage;

    /// <summary>Another lane holds the ledger: the asker ends.</summary>
    public sealed record Refused(LaneId Lane, string Lease, string Holder) : IFeedMessage;
}

/// <summary>What a ledger's journal holds.</summary>
internal static class LedgerEvents
{
    /// <summary>A lane took the ledger over.</summary>
    public sealed record Took(string Lease) : IFeedMessage;

    /// <summary>A write was stored.</summary>
    public sealed record Stored(LedgerWrite Content) : IFeedMessage;

    /// <summary>All of a ledger, instead of the events before it.</summary>
    public sealed record Snapshot(string Lease, LedgerAccount Account, IReadOnlyList<LedgerEntry> Entries) : IFeedMessage;
}
