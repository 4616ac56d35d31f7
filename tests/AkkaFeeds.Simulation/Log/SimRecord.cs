using AkkaFeeds.Contracts;

namespace AkkaFeeds.Simulation.Log;

/// <summary>A record of the simulated log, and what is true about it.</summary>
/// <param name="Offset">Its offset.</param>
/// <param name="Id">Unique over all records of the history; what the fold sums up.</param>
/// <param name="Log">Which log it stands in.</param>
/// <param name="LeaderEpoch">The leader epoch it was appended under.</param>
/// <param name="Visible">False for control records and aborted ones, which no reader is given.</param>
/// <param name="Raw">What a reader makes of it by itself: a row, filtered or quarantined.</param>
/// <param name="Refuses">Whether the fold refuses the row.</param>
/// <param name="Key">The key's index.</param>
/// <param name="EventTime">The event time.</param>
internal readonly record struct SimRecord(
    long Offset, long Id, int Log, int LeaderEpoch, bool Visible, Outcome Raw, bool Refuses, int Key, long EventTime);
