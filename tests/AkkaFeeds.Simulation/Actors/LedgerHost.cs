using AkkaFeeds.Contracts;

namespace AkkaFeeds.Simulation.Actors;

/// <summary>Where the ledger of a lane lives.</summary>
internal sealed class LedgerHost(History history, LaneId lane)
{
    private LedgerActor? zombie;
    private int zombieOfLane;

    public LaneId Lane { get; } = lane;

    public string StreamId { get; } = $"ledger-{lane.TopicId}";

    public LedgerActor? Current { get; private set; }

    public void StartIfNobody()
    {
        if (Current is null)
        {
            Current = new LedgerActor(history, this, history.NextId());
            Current.Begin();
        }
    }

    /// <summary>Whom a lane's message goes to.</summary>
    public LedgerActor? Route(LaneActor lane) => zombie is { IsAlive: true } && zombieOfLane == lane.Id ? zombie
        : Current;

    public void Crash(int backOff)
    {
        Current?.Kill();
        Current = null;
        history.World.After(backOff, StartIfNobody);
    }

    /// <summary>A second incarnation begins while one lane goes on talking to the first.</summary>
    public void MakeZombie(LaneActor? lane, int lifetime)
    {
        if (Current is not { } old)
        {
            return;
        }

        zombie = old;
        zombieOfLane = lane?.Id ?? -1;
        Current = null;
        StartIfNobody();
        history.World.After(lifetime, old.Kill);
    }

    public void KillAll()
    {
        zombie?.Kill();
        Current?.Kill();
        zombie = null;
        Current = null;
    }

    public void OnStopped(LedgerActor ledger)
    {
        if (Current == ledger)
        {
            Current = null;
            history.World.After(history.World.Rng.Between(20, 200), StartIfNobody);
        }
    }
}
