namespace AkkaFeeds.Simulation;

/// <summary>
/// Faults that are put into the system on purpose, one at a time, to show that the general check finds them. Each is
/// put in between the pure types and their surroundings (a message, an effect or an answer is altered), so product
/// code knows nothing of them.
/// </summary>
internal enum Defect
{
    /// <summary>The system as it is.</summary>
    None,

    /// <summary>Rule 5: Kafka's commit before the ledger's write.</summary>
    CommitBeforeLedger,

    /// <summary>
    /// Rule 5: the floor follows the highest durable row of any slot instead of the lowest that is not.
    /// </summary>
    FloorFromHighest,

    /// <summary>Rule 4: what is applied counts as durable.</summary>
    FloorFromApplied,

    /// <summary>Rule 5: the ledger takes writes under any lease.</summary>
    LeaseIgnored,

    /// <summary>Rule 5: what the lane could not decode is not written to the ledger.</summary>
    EntriesDropped,

    /// <summary>
    /// Rule 5: the floor stops behind the last record, and never passes control records at the
    /// end.
    /// </summary>
    ControlRecordsIgnored,

    /// <summary>Rule 6: what was fetched before a rewind is still offered after it.</summary>
    FetchGenerationIgnored,

    /// <summary>Rule 2: a lane starts from Kafka's commit where that is higher than the ledger's floor.</summary>
    StartFromKafkaCommit,

    /// <summary>Order: the late rule goes on after a rewind or a restart with what it has in memory.</summary>
    LateRuleNotReset,

    /// <summary>Rule 7: slots with nothing outstanding are not asked.</summary>
    AskOnlyWhenOutstanding,

    /// <summary>Rule 1: the topic id is not looked at.</summary>
    TopicIdIgnored,

    /// <summary>Rule 9: a new lease is believed without asking the journal.</summary>
    LeaseNotVerified,

    /// <summary>Rule 10: rows are taken wherever they continue from.</summary>
    PreviousIgnored,

    /// <summary>Rule 11: rows at or below W are folded again.</summary>
    DedupeOff,

    /// <summary>Rule 11: the row at W itself is folded again.</summary>
    DedupeOffByOne,

    /// <summary>Rule 11: refusals are forgotten because they were sent.</summary>
    RefusalsForgottenWhenSent,

    /// <summary>Rule 11: folding does nothing, and everything is answered.</summary>
    SlotDoesNothing,

    /// <summary>Rule 12: an exception inside the fold is swallowed.</summary>
    CodeFailureSwallowed,

    /// <summary>Rule 13: the keys of a checkpoint are captured later than its watermarks.</summary>
    KeysCutLater,

    /// <summary>Rule 13: refusals are not part of the checkpoint.</summary>
    RefusalsNotInCheckpoint,

    /// <summary>Rule 14: a rejected persist counts as done.</summary>
    RejectionSwallowed,

    /// <summary>Rule 14: a failed persist is not retried, and the slot goes on.</summary>
    FailureSwallowed,

    /// <summary>Rule 15: durable is told before the persist.</summary>
    DurableBeforePersist,

    /// <summary>Rule 15: durable becomes the W of now instead of the captured one.</summary>
    DurableOfNow,

    /// <summary>Rule 15: the snapshot is saved with the cut, before its events are stored.</summary>
    SnapshotBeforeEvents,

    /// <summary>Rule 16: a checkpoint without all its pieces is taken.</summary>
    IncompleteCheckpointTaken,

    /// <summary>Rule 16: a replay with a hole is taken.</summary>
    BrokenReplayTaken,

    /// <summary>Rule 16: the gate takes the log's end from any message.</summary>
    GateFromAnyEpoch,

    /// <summary>Rule 17: the journal has no fence.</summary>
    NoFence,

    /// <summary>Rule 17: no claim after recovery.</summary>
    NoClaim,

    /// <summary>Rule 17: clean-up deletes the newest event too.</summary>
    CleanUpDeletesNewest,

    /// <summary>Rule 18: leader epochs are not looked at, and the log's end is not probed.</summary>
    TruncationUnnoticed,
}
