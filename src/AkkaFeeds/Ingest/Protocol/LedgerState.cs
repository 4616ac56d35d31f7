namespace AkkaFeeds.Ingest.Protocol;

/// <summary>What a ledger answers a lane that wants it.</summary>
internal enum LeaseAnswer
{
    /// <summary>Persist the event, apply it, then give the lane <see cref="LedgerState.View"/>.</summary>
    Granted,

    /// <summary>
    /// The feed's definition is another one than the ledger was made under: it needs a new generation.
    /// </summary>
    DefinitionChanged,

    /// <summary><c>lost-range</c>: the log begins above the floor, and the operator has not let that go.</summary>
    LostRange,
}

/// <summary>
/// The durable account of one lane: pure, owned by its persistent actor. Only the holder of the lease may move it,
/// and it only moves up. Each answer to a lane follows a write (or repeats one), so a superseded incarnation of the
/// ledger is fenced by the journal before it can grant or store anything.
/// </summary>
internal sealed class LedgerState(long entryBytesMax)
{
    private readonly SortedDictionary<long, LedgerEntry> entries = [];
    private readonly List<OffsetRange> lost = [];

    /// <summary>The lease of the lane that may write, or null before the first.</summary>
    public string? Lease { get; private set; }

    /// <summary>The hash of the definition that everything was read under, or null before the first lease.</summary>
    public string? DefinitionHash { get; private set; }

    /// <summary>Every record below it is durable; null before the first lease.</summary>
    public long? Floor { get; private set; }

    /// <summary>The newest event time below the floor, Unix ms; <see cref="LateRule.None"/> for none.</summary>
    public long NewestEventTime { get; private set; } = LateRule.None;

    /// <summary>Kafka's leader epoch of the newest record below the floor, and where that began.</summary>
    public LeaderMark Leader { get; private set; } = LeaderMark.None;

    /// <summary>The records below the floor, by outcome.</summary>
    public LedgerCounts Counts { get; private set; }

    /// <summary>Quarantined and late records, by offset.</summary>
    public IReadOnlyCollection<LedgerEntry> Entries => entries.Values;

    /// <summary>What of them is quarantined, summed.</summary>
    public QuarantineSum Quarantined => QuarantineSum.None.With(entries.Values);

    /// <summary>What the log had lost before it was read, and the operator let go.</summary>
    public IReadOnlyList<OffsetRange> Lost => lost;

    /// <summary>Whether the next lane may begin behind what the log has lost: the operator has let it go.</summary>
    public bool LetsGo { get; private set; }

    /// <summary>Bytes of records that the entries hold; never above <c>quarantine.bytes</c>.</summary>
    public long EntryBytes { get; private set; }

    /// <summary>What a lane that has taken the lease begins with.</summary>
    public LedgerView View => new(
        Lease ?? throw new InvalidOperationException("the ledger has no lease"),
        Floor ?? throw new InvalidOperationException("the ledger has no floor"),
        Counts,
        NewestEventTime,
        Leader);

    /// <summary>Whether a new lane may take the ledger over (rules 1, 2, 18).</summary>
    /// <param name="lease">The lane's lease, unique to its incarnation.</param>
    /// <param name="definitionHash">The hash of the definition that the lane reads under.</param>
    /// <param name="logStart">
    /// The log's first offset, as the lane has just seen it. (Where the log ends is held against the floor by the
    /// lane, after it has the lease: before that the floor may rise above what the lane has seen.)
    /// </param>
    /// <param name="taken">The event to persist, where it is granted.</param>
    public LeaseAnswer Decide(string lease, string definitionHash, long logStart, out LeaseTaken? taken)
    {
        taken = null;
        if (DefinitionHash is not null && DefinitionHash != definitionHash)
        {
            return LeaseAnswer.DefinitionChanged;
        }

        if (Floor is not { } floor)
        {
            taken = new LeaseTaken(lease, definitionHash, logStart, null);
            return LeaseAnswer.Granted;
        }

        if (logStart > floor && !LetsGo)
        {
            return LeaseAnswer.LostRange;
        }

        taken = logStart > floor
            ? new LeaseTaken(lease, definitionHash, logStart, new OffsetRange(floor, logStart))
            : new LeaseTaken(lease, definitionHash, floor, null);
        return LeaseAnswer.Granted;
    }

    /// <summary>A lane takes the ledger over; the one before it can write no more.</summary>
    public void Apply(LeaseTaken taken)
    {
        Lease = taken.Lease;
        DefinitionHash = taken.DefinitionHash;
        Floor = taken.Floor;
        if (taken.Lost is { } range)
        {
            lost.Add(range);
            LetsGo = false;
        }
    }

    /// <summary>What a lane that begins there would never see, where it may not begin yet; else null.</summary>
    /// <param name="logStart">The log's first offset.</param>
    public OffsetRange? LossAt(long logStart) =>
        Floor is { } floor && logStart > floor && !LetsGo ? new OffsetRange(floor, logStart) : null;

    /// <summary>The operator lets go what the log has lost: the next lane goes on behind it.</summary>
    public void Apply(LossLetGo letGo) => LetsGo = true;

    /// <summary>
    /// Whether a write may be stored: its lease holds the ledger, and it goes on from where the ledger stands. A lane
    /// that asked twice may hold the ledger for its second question and have begun with the late answer to its first.
    /// </summary>
#if DEFECT_LEASE_IGNORED
    public bool Accepts(LedgerWrite write) => Lease is not null;
#else
    public bool Accepts(LedgerWrite write) =>
        write.Lease == Lease && (write.From is not { } from || from == Floor || IsStored(write));
#endif

    /// <summary>Whether a write is stored already: then it is answered, and nothing is persisted.</summary>
    public bool HasStored(LedgerWrite write) => Accepts(write) && IsStored(write);

    /// <summary>
    /// What is persisted of a write: its new entries only, their bytes as far as <c>quarantine.bytes</c> allows. The
    /// limit is applied here and not at recovery, where another setting would give another state.
    /// </summary>
    public LedgerWrite ToEvent(LedgerWrite write)
    {
        var added = new List<LedgerEntry>(write.Entries.Count);
        var bytes = EntryBytes;
        foreach (var entry in write.Entries)
        {
            if (!entries.ContainsKey(entry.Offset))
            {
                var kept = bytes + entry.Bytes <= entryBytesMax ? entry : entry.WithoutBytes();
                added.Add(kept);
                bytes += kept.Bytes;
            }
        }

        return write with { Entries = added, From = null };
    }

    /// <summary>Applies a write that was accepted and is durable.</summary>
    public void Apply(LedgerWrite write)
    {
        if (Floor is null || write.Floor > Floor)
        {
            Floor = write.Floor;
            NewestEventTime = write.NewestEventTime;
            Leader = write.Leader;
            Counts = write.Counts;
        }

        foreach (var entry in write.Entries)
        {
            if (entries.TryAdd(entry.Offset, entry))
            {
                EntryBytes += entry.Bytes;
            }
        }
    }

    /// <summary>Puts a snapshot back, onto a state that nothing was applied to.</summary>
    public void Restore(
        LedgerView view, string definitionHash, IEnumerable<LedgerEntry> kept, IEnumerable<OffsetRange> lostRanges,
        bool letsGo)
    {
        Apply(new LeaseTaken(view.Lease, definitionHash, view.Floor, null));
        NewestEventTime = view.NewestEventTime;
        Leader = view.Leader;
        Counts = view.Counts;
        lost.AddRange(lostRanges);
        LetsGo = letsGo;
        foreach (var entry in kept)
        {
            entries.Add(entry.Offset, entry);
            EntryBytes += entry.Bytes;
        }
    }

    private bool IsStored(LedgerWrite write) => write.From is null
        ? write.Floor <= Floor
        : write.Floor == Floor && write.Counts == Counts;
}
