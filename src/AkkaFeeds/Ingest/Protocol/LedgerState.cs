namespace AkkaFeeds.Ingest.Protocol;

/// <summary>
/// The durable account of one lane: pure, owned by its persistent actor. Only the holder of the lease may move it, and it only
/// moves up.
/// </summary>
internal sealed class LedgerState(long entryBytesMax)
{
    private readonly SortedDictionary<long, LedgerEntry> entries = [];
    private long entryBytes;

    /// <summary>The lease of the lane that may write, or null before the first.</summary>
    public string? Lease { get; private set; }

    /// <summary>Every record below it is durable; null while nothing has been read, which means from the earliest.</summary>
    public long? Floor { get; private set; }

    /// <summary>The newest event time below the floor, Unix ms; <see cref="long.MinValue"/> for none.</summary>
    public long NewestEventTime { get; private set; } = long.MinValue;

    /// <summary>The leader epoch of the newest record below the floor, or -1.</summary>
    public int LeaderEpoch { get; private set; } = -1;

    /// <summary>The records below the floor, by outcome.</summary>
    public LedgerCounts Counts { get; private set; }

    /// <summary>Quarantined and late records, by offset.</summary>
    public IReadOnlyCollection<LedgerEntry> Entries => entries.Values;

    /// <summary>A lane takes the ledger over; the one before it can write no more.</summary>
    public void Take(string lease) => Lease = lease;

    /// <summary>Whether a write may be stored: its lease holds the ledger.</summary>
    public bool Accepts(LedgerWrite write) => write.Lease == Lease;

    /// <summary>Applies a write that was accepted and is durable.</summary>
    public void Apply(LedgerWrite write)
    {
        if (Floor is null || write.Floor > Floor)
        {
            Floor = write.Floor;
            NewestEventTime = write.NewestEventTime;
            LeaderEpoch = write.LeaderEpoch;
            Counts = write.Counts;
        }

        foreach (var entry in write.Entries)
        {
            if (!entries.ContainsKey(entry.Offset))
            {
                var kept = entryBytes + entry.Bytes <= entryBytesMax ? entry : entry.WithoutBytes();
                entries.Add(kept.Offset, kept);
                entryBytes += kept.Bytes;
            }
        }
    }
}
