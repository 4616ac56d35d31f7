using AkkaFeeds.Contracts;
using AkkaFeeds.Ingest.Protocol;
using AkkaFeeds.Simulation.Log;

namespace AkkaFeeds.Simulation;

/// <summary>
/// Who hears the named conditions (rule 18), holds them against what really happened to the log, and acts as an
/// operator would.
/// </summary>
internal sealed class Operator(History history)
{
    private const int LaneRestartsMax = 3;
    private const int RestartsMax = 6;
    private int restarts;

    /// <summary><c>lost-range</c>: lets the lane go on, and notes what may be missing.</summary>
    public void OnLostRange(SimLog log, OffsetRange range)
    {
        if (log.Start == 0)
        {
            throw new ViolationException($"{log.Lane} says lost-range {range}, and nothing was lost");
        }

        history.World.Count(Happening.LostRangeNamed);
    }

    /// <summary>
    /// <c>source-changed</c> by a lane, which begins again by itself. When it ends again and again the slots are
    /// restarted too, so that they stand on what is durable, and in the end the feed is given up.
    /// </summary>
    public void OnSourceChanged(SimLog log)
    {
        AssertCut(log, "a lane");
        if (++restarts > RestartsMax)
        {
            Condemn(log, "a lane, again and again");
            return;
        }

        if (restarts <= LaneRestartsMax)
        {
            return;
        }

        foreach (var slot in history.Slots)
        {
            slot.KillAll();
            history.World.After(50, slot.StartIfNobody);
        }
    }

    /// <summary>
    /// <c>source-changed</c> by a slot about something durable: only a new generation can be
    /// right.
    /// </summary>
    public void OnSourceChangedInSlot(string detail)
    {
        var log = history.Logs.Find(candidate => candidate.OracleBeforeCut is not null)
            ?? throw new ViolationException($"a slot says source-changed, and no log was cut: {detail}");
        Condemn(log, "a slot");
    }

    /// <summary>The feed needs a new generation; this one is not read on.</summary>
    public void Condemn(SimLog log, string by)
    {
        AssertCut(log, by);
        history.World.Log($"{log.Lane.TopicId} is condemned by {by}");
        log.IsCondemned = true;
        history.LaneHosts.Find(host => host.Log == log)!.KillAll();
    }

    private static void AssertCut(SimLog log, string by)
    {
        if (log.OracleBeforeCut is null)
        {
            throw new ViolationException($"{by} says source-changed of {log.Lane}, and its log was not cut");
        }
    }
}
