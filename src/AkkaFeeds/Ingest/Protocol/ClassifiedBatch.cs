using AkkaFeeds.Contracts;

namespace AkkaFeeds.Ingest.Protocol;

/// <summary>
/// Records of one partition after classification, by ascending offset. The rows stand twice: as marks in
/// <see cref="Outcomes"/> (<see cref="Outcome.Applied"/>: what they will be unless their slot refuses) and in the blocks of their
/// slots.
/// </summary>
internal sealed class ClassifiedBatch
{
    /// <summary>The offsets of all records.</summary>
    public required long[] Offsets { get; init; }

    /// <summary>Where each record goes.</summary>
    public required Outcome[] Outcomes { get; init; }

    /// <summary>Event times, Unix ms; only those of rows and late records count.</summary>
    public required long[] EventTimes { get; init; }

    /// <summary>The rows by slot index; null where a slot has none.</summary>
    public required RowBlock?[] Blocks { get; init; }

    /// <summary>The quarantined and late records.</summary>
    public required IReadOnlyList<LedgerEntry> Entries { get; init; }

    /// <summary>The offset behind the last record, or behind control records that follow it.</summary>
    public required long Next { get; init; }

    /// <summary>The leader epoch of the last record, or -1.</summary>
    public required int LeaderEpoch { get; init; }
}
