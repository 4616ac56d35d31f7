using AkkaFeeds.Contracts;

namespace AkkaFeeds.Ingest.Protocol;

/// <summary>
/// Records of one partition after classification, by ascending offset: hundreds to about a thousand, all that follow
/// what was offered before. The rows stand twice: as marks in <see cref="Outcomes"/> (<see cref="Outcome.Applied"/>:
/// what they will be unless their slot refuses) and in the blocks of their slots. The lane keeps the arrays until its
/// floor has passed them, so nobody writes to them any more.
/// </summary>
internal sealed class ClassifiedBatch
{
    /// <summary>The fetch generation that the records were read under; a batch of an older one is dropped.</summary>
    public required int FetchGeneration { get; init; }

    /// <summary>
    /// The offsets of all records; gaps are usual. Empty where only the position moved (control records).
    /// </summary>
    public required long[] Offsets { get; init; }

    /// <summary>Where each record goes.</summary>
    public required Outcome[] Outcomes { get; init; }

    /// <summary>Event times, Unix ms; only those of rows count.</summary>
    public required long[] EventTimes { get; init; }

    /// <summary>The rows by slot index; null where a slot has none.</summary>
    public required RowBlock?[] Blocks { get; init; }

    /// <summary>The quarantined and late records, by ascending offset.</summary>
    public required IReadOnlyList<LedgerEntry> Entries { get; init; }

    /// <summary>
    /// The records' bytes, for what a slot refuses; null where nobody has them, and once they are not needed.
    /// </summary>
    public IRecordBytes? Bytes { get; set; }

    /// <summary>The offset behind the last record, or behind control records that follow it.</summary>
    public required long Next { get; init; }

    /// <summary>Kafka's leader epoch of all the records (a batch ends where it changes), or -1.</summary>
    public required int LeaderEpoch { get; init; }
}
