namespace AkkaFeeds.Simulation.Fanout;

/// <summary>What is counted, to show that it happened at all.</summary>
internal enum FanoutHappening
{
    ChangeFolded,
    ChangePublished,
    ChangesConflated,
    MessageDropped,
    LastChangeLost,
    WatchLost,
    BeginLost,
    SlotMoved,
    SlotWentBack,
    ZombieSpoke,
    LeaseExpired,
    NodeRestarted,
    ClientCut,
    Resumed,
    ResumedElsewhere,
    ResumedTooHigh,
    GateClosed,
    SlowClient,
    SnapshotSent,
    DeltaSent,
    DeltaOfSeveralChanges,
    ResyncSent,
    RecoverySent,
    BlankMade,
    FieldsChosen,
}
