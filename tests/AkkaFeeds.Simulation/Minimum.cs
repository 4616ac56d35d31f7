namespace AkkaFeeds.Simulation;

/// <summary>
/// How often a thing has to happen before a run without a violation means something: about a third of how often it
/// does, so that a change which makes a fault rare, or takes it away, is noticed.
/// </summary>
internal static class Minimum
{
    /// <summary>The least count for a run of this many seeds; rare things are asked of long runs only.</summary>
    public static long Of(Happening happening, int seeds) => PerTenThousand(happening) * seeds / 10_000;

    private static long PerTenThousand(Happening happening) => happening switch
    {
        Happening.RowsFolded => 700_000,
        Happening.RowsDuplicate => 250_000,
        Happening.RecordsFiltered => 200_000,
        Happening.RecordsLate or Happening.RefusalToldAgain => 80_000,
        Happening.CheckpointStored => 70_000,
        Happening.LeaseHeld => 40_000,
        Happening.RowsRefused or Happening.RecordsQuarantined or Happening.OffsetGap => 30_000,
        Happening.CheckpointInPieces or Happening.MessageDropped => 25_000,
        Happening.Gap or Happening.MessageLostInHandOff or Happening.MessageBufferedInHandOff => 15_000,
        Happening.FilteredOnlyStretch or Happening.ControlRecordsAtEnd or Happening.Rewind => 15_000,
        Happening.GapOfOldRound or Happening.SnapshotSaved or Happening.CleanUp or Happening.GateOpened => 12_000,
        Happening.SnapshotRecovered or Happening.MessageDelayedLong => 10_000,
        Happening.RewindWaitedForLedger or Happening.LedgerWriteRepeated => 6_000,
        Happening.StaleBatchDropped or Happening.SlotZombie => 3_000,
        Happening.ZombieWriteFenced or Happening.LedgerWriteAlreadyStored => 2_500,
        Happening.LostDurable or Happening.LaneRevokedDrained or Happening.SourceChangedByLane => 2_000,
        Happening.SlotCrash or Happening.SlotHandOff or Happening.LaneLost or Happening.LaneCrash => 1_700,
        Happening.LaneZombie or Happening.LedgerCrash or Happening.LedgerZombie => 1_700,
        Happening.LedgerWriteRefused => 1_300,
        Happening.PersistFailed or Happening.PersistRejected or Happening.PersistDoneButFailed => 1_000,
        Happening.LaneStale => 1_000,
        Happening.LedgerFenced => 900,
        Happening.LaneRevokedUndrained or Happening.BufferedAtRevoke => 600,
        Happening.StoreRestored or Happening.LogTailCut or Happening.SnapshotIncompleteIgnored => 500,
        Happening.ClaimFenced => 400,
        Happening.SlotCodeFailure or Happening.StoreEmptied or Happening.LogStartLost => 300,
        Happening.LostRangeNamed or Happening.TopicRecreated or Happening.LaneSawNewTopicId => 250,
        Happening.CheckpointIncompleteIgnored => 150,
        Happening.AnotherIncarnationFound or Happening.PersistStoppedBetweenPieces => 90,
        Happening.SourceChangedBySlot => 70,
        Happening.ReplayBroken => 40,
        Happening.PersistLandedAfterTimeout => 30,
        Happening.MessageHeldBehindFloor => 15,
        Happening.FoldTakenBack => 6,
        _ => throw new ArgumentOutOfRangeException(nameof(happening), happening, "no minimum is named"),
    };
}
