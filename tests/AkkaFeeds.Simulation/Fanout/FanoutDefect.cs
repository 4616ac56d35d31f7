namespace AkkaFeeds.Simulation.Fanout;

/// <summary>
/// Faults that are put into the way from slot to client on purpose, one at a time, between the pure types and their
/// surroundings.
/// </summary>
internal enum FanoutDefect
{
    /// <summary>The system as it is.</summary>
    None,

    /// <summary>The numbers of what a slot sends are not compared: a lost last change stays lost.</summary>
    NumbersIgnored,

    /// <summary>A watch that was lost is not asked again.</summary>
    WatchNotRepeated,

    /// <summary>What an older incarnation of a slot says is believed.</summary>
    OldIncarnationBelieved,

    /// <summary>A relay takes a change that continues another version than the one it has.</summary>
    BaseIgnored,

    /// <summary>A slot that recovered is not asked again for the keys that the former one showed.</summary>
    RecoveryUnnoticed,

    /// <summary>What a client has seen is not asked for when it resumes, so every gate stands open.</summary>
    GateIgnored,

    /// <summary>An outbox keeps the first of several views that are shown while it is busy.</summary>
    OldestKept,

    /// <summary>A slot that has forgotten a node's lease goes on as if nothing had happened.</summary>
    LeaseForgotten,

    /// <summary>An entity begins a key with what it showed before the last change.</summary>
    BeginIsOld,

    /// <summary>The state of a slot is told once and never again.</summary>
    ConditionFrozen,

    /// <summary>A collection does not ask a slot again that has not answered.</summary>
    RowsAskedOnce,

    /// <summary>A slot's mark does not name its incarnation, so that one that recovered may say "unchanged".</summary>
    RecoveredUnchanged,

    /// <summary>A slot that has nothing new is merged as if it had no rows.</summary>
    UnchangedIsEmpty,

    /// <summary>One client leaves a collection, and it is shown to nobody any more.</summary>
    CollectionLeftForAll,

    /// <summary>A second subscribe to a collection's id is answered with the first query.</summary>
    QueryKept,
}
