using AkkaFeeds.Contracts;

namespace AkkaFeeds.Simulation.Actors;

/// <summary>
/// Where a slot lives: its current incarnation, and older ones that have not noticed. A lane that still routes to an
/// older one goes on doing so for as long as that lives.
/// </summary>
internal sealed class SlotHost(History history, int index)
{
    private const int FlapsPerMille = 15;

    private readonly List<SlotActor> zombies = [];
    private readonly Dictionary<int, SlotActor> stale = [];
    private readonly List<(LaneMessages.IFromLane Message, LaneActor Sender)> buffer = [];

    public int Index { get; } = index;

    public SlotId Slot { get; } = new("f", 1, index);

    public string StreamId { get; } = $"slot-{index}";

    public SlotActor? Current { get; private set; }

    public void Start()
    {
        Current = new SlotActor(history, this, history.NextId());
        history.World.Log($"{Current.Epoch} begins");
        Current.Begin();
        foreach (var (message, sender) in buffer)
        {
            Current.On(message, sender);
        }

        buffer.Clear();
    }

    /// <summary>
    /// Nobody is there: sharding keeps some messages for the next incarnation, in order, until it loses all
    /// of them.
    /// </summary>
    public void Buffer(LaneMessages.IFromLane message, LaneActor sender)
    {
        if (buffer.Count < 10 && history.World.Rng.PerMille(900))
        {
            buffer.Add((message, sender));
            history.World.Count(Happening.MessageBufferedInHandOff);
        }
        else
        {
            history.World.Count(Happening.MessageLostInHandOff, buffer.Count + 1);
            buffer.Clear();
        }
    }

    /// <summary>Whom a lane's message goes to; null where nobody is there.</summary>
    public SlotActor? Route(LaneActor lane)
    {
        if (stale.TryGetValue(lane.Id, out var old))
        {
            if (old.IsAlive)
            {
                return old;
            }

            stale.Remove(lane.Id);
        }
        else if (zombies.Count > 0 && zombies[0].IsAlive && history.World.IsRough
            && history.World.Rng.PerMille(FlapsPerMille))
        {
            // A region that learns the old place of a shard again, as happens when hand-offs overlap.
            return stale[lane.Id] = zombies[0];
        }

        return Current;
    }

    /// <summary>The current one dies; the next starts after a while.</summary>
    public void Crash(int backOff)
    {
        if (Current is not { } current)
        {
            return;
        }

        history.World.Log($"{current.Epoch} crashes");
        current.Kill();
        Current = null;
        history.World.After(backOff, StartIfNobody);
    }

    /// <summary>A second incarnation begins while the first lives on, and some lanes go on talking to that.</summary>
    public void MakeZombie(int lifetime)
    {
        if (Current is not { } old)
        {
            return;
        }

        history.World.Log($"{old.Epoch} becomes a zombie");
        zombies.Add(old);
        foreach (var lane in history.LiveLanes)
        {
            if (history.World.Rng.PerMille(500))
            {
                stale[lane.Id] = old;
            }
        }

        Start();
        history.World.After(lifetime, () =>
        {
            old.Kill();
            zombies.Remove(old);
        });
    }

    /// <summary>Everything of this slot dies at once; the store is taken back, or an operator restarts it.</summary>
    public void KillAll()
    {
        foreach (var zombie in zombies)
        {
            zombie.Kill();
        }

        zombies.Clear();
        stale.Clear();
        buffer.Clear();
        Current?.Kill();
        Current = null;
    }

    /// <summary>An incarnation stopped by itself.</summary>
    public void OnStopped(SlotActor slot)
    {
        zombies.Remove(slot);
        if (Current == slot)
        {
            Current = null;
            history.World.After(history.World.Rng.Between(20, 300), StartIfNobody);
        }
    }

    public void StartIfNobody()
    {
        if (Current is null)
        {
            Start();
        }
    }
}
