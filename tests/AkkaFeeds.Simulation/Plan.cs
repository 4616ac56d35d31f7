namespace AkkaFeeds.Simulation;

/// <summary>
/// What may happen to log or store in one history; at most one kind, so that the check stays
/// exact.
/// </summary>
internal enum Catastrophe
{
    None,
    LogStartLost,
    LogTailCut,
    TopicRecreated,
    StoreRestored,
    StoreEmptied,
}

/// <summary>
/// The sizes and rates of one history, drawn from its seed. Times are virtual milliseconds, rates per mille.
/// </summary>
internal sealed class Plan
{
    public Plan(Rng rng)
    {
        Partitions = rng.Between(1, 3);
        Slots = rng.Between(1, 3);
        KeysPerSlot = rng.Between(1, 3);
        ActiveMilliseconds = rng.Between(4_000, 11_000);
        AppendEvery = rng.Between(40, 160);
        AppendMax = rng.Between(2, 8);
        BatchMax = rng.Between(1, 16);
        PollEvery = rng.Between(20, 80);
        FetchDelayMax = rng.Between(5, 120);
        RowsInFlightMax = rng.Between(6, 60);
        AskEvery = rng.Between(300, 1_500);
        WriteEvery = rng.Between(50, 300);
        CheckpointEvery = rng.Between(150, 1_200);
        EventsPerSnapshot = rng.Between(1, 12);
        PieceBytes = rng.Between(20, 200);
        PiecesAtomic = rng.PerMille(500);
        NetworkDelayMax = rng.Between(2, 60);
        Drops = rng.PerMille(500) ? rng.Between(0, 80) : 0;
        LongDelays = rng.PerMille(500) ? rng.Between(0, 30) : 0;
        PersistDelayMax = rng.Between(5, 300);
        PersistFaults = rng.PerMille(600) ? rng.Between(0, 120) : 0;
        CodeFailures = rng.PerMille(300) ? rng.Between(0, 4) : 0;
        ActorFaultEvery = rng.Between(300, 3_000);
        Filtered = rng.Below(200);
        Quarantined = rng.Below(60);
        Refused = rng.Below(80);
        Control = rng.Below(150);
        Late = rng.PerMille(400) ? rng.Between(5, 60) : null;
        Catastrophe = rng.Below(10) switch
        {
            < 3 => Catastrophe.None,
            3 => Catastrophe.LogStartLost,
            4 or 5 => Catastrophe.LogTailCut,
            6 => Catastrophe.TopicRecreated,
            7 or 8 => Catastrophe.StoreRestored,
            _ => Catastrophe.StoreEmptied,
        };

        // What was lost with the log's start is not known to the late rule, and the oracle knows it: the two would
        // disagree.
        if (Catastrophe is Catastrophe.LogStartLost)
        {
            Late = null;
        }
    }

    public int Partitions { get; }

    public int Slots { get; }

    public int KeysPerSlot { get; }

    public int ActiveMilliseconds { get; }

    public int AppendEvery { get; }

    public int AppendMax { get; }

    public int BatchMax { get; }

    public int PollEvery { get; }

    public int FetchDelayMax { get; }

    public int RowsInFlightMax { get; }

    public int AskEvery { get; }

    public int WriteEvery { get; }

    public int CheckpointEvery { get; }

    public int EventsPerSnapshot { get; }

    public int PieceBytes { get; }

    public bool PiecesAtomic { get; }

    public int NetworkDelayMax { get; }

    public int Drops { get; }

    public int LongDelays { get; }

    public int PersistDelayMax { get; }

    public int PersistFaults { get; }

    public int CodeFailures { get; }

    public int ActorFaultEvery { get; }

    public int Filtered { get; }

    public int Quarantined { get; }

    public int Refused { get; }

    public int Control { get; }

    public int? Late { get; }

    public Catastrophe Catastrophe { get; }
}
