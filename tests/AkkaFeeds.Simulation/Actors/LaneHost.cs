using AkkaFeeds.Ingest.Protocol;
using AkkaFeeds.Simulation.Log;

namespace AkkaFeeds.Simulation.Actors;

/// <summary>
/// Who reads a partition: the group gives it to one lane at a time, and old ones may not have noticed.
/// </summary>
internal sealed class LaneHost(History history, SimLog log)
{
    private readonly List<LaneActor> zombies = [];
    private bool goOn;

    public SimLog Log { get; } = log;

    public LaneActor? Current { get; private set; }

    public IEnumerable<LaneActor> Live => Current is { IsAlive: true } current ? zombies.Append(current) : zombies;

    /// <summary>Gives the partition to a new lane.</summary>
    public void Assign()
    {
        if (Current is { IsAlive: true } || Log.IsGone || Log.IsCondemned)
        {
            return;
        }

        Current = new LaneActor(history, this, Log, goOn);
        Current.Begin();
    }

    public void Crash()
    {
        Current?.Kill();
        AssignLater();
    }

    public void Lose()
    {
        Current?.Lose();
        AssignLater();
    }

    public void Revoke(int deadline)
    {
        if (Current is { IsAlive: true } current)
        {
            current.Revoke(deadline);
            history.World.After(deadline + 1, Assign);
        }
    }

    /// <summary>
    /// The group gives the partition to another while the lane goes on: its process was frozen, or cut off.
    /// </summary>
    public void MakeZombie(int lifetime)
    {
        if (Current is not { IsAlive: true } old)
        {
            return;
        }

        zombies.Add(old);
        Current = null;
        AssignLater();
        history.World.After(lifetime, () =>
        {
            old.Kill();
            zombies.Remove(old);
        });
    }

    public void KillAll()
    {
        foreach (var zombie in zombies)
        {
            zombie.Kill();
        }

        zombies.Clear();
        Current?.Kill();
        Current = null;
    }

    /// <summary>A lane has ended by itself; a named condition goes to the operator.</summary>
    public void OnEnded(LaneActor lane, LaneEnd end)
    {
        var world = history.World;
        zombies.Remove(lane);
        switch (end.Reason)
        {
            case LaneEndReason.Stale:
                world.Count(Happening.LaneStale);
                break;
            case LaneEndReason.LostRange:
                history.Operator.OnLostRange(Log, end.Range);
                break;
            case LaneEndReason.SourceChanged when !Log.IsGone:
                world.Count(Happening.SourceChangedByLane);
                history.Operator.OnSourceChanged(Log);
                break;
            default:
                break;
        }

        if (Current == lane && end.Reason is not LaneEndReason.Revoked)
        {
            AssignLater();
        }
    }

    /// <summary>The ledger names a condition instead of giving the lease.</summary>
    public void OnLeaseRefused(LaneActor lane, LeaseAnswer answer)
    {
        switch (answer)
        {
            case LeaseAnswer.LostRange:
                history.Operator.OnLostRange(Log, default);
                goOn = true;
                break;
            default:
                throw new ViolationException($"{lane.Lease} got {answer}");
        }

        if (Current == lane)
        {
            AssignLater();
        }
    }

    private void AssignLater() => history.World.After(history.World.Rng.Between(10, 400), Assign);
}
