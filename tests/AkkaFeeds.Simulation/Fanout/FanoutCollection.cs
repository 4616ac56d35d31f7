using AkkaFeeds.Contracts;
using AkkaFeeds.Relays;

namespace AkkaFeeds.Simulation.Fanout;

/// <summary>
/// One collection on one node: drives its relay as the relay's actor does, and holds what it shows against what it
/// has been told: no row is live of which the slot has been silent, and it does not change more often than it may.
/// </summary>
internal sealed class FanoutCollection
{
    // What a collection may not show at once, since it changed too often, it shows a tick later.
    private static readonly TimeSpan SilentMax = RowsMerge.AnswerPatience + RowsRelay.AskEvery;

    private readonly FanoutWorld world;
    private readonly RowsQuery query;
    private readonly Action<FanoutCollection, SlotQueries.GetRows> ask;
    private readonly Func<KeyName, SlotId> slotOf;
    private readonly RowsRelay relay;
    private readonly List<RelayMessages.IRowsScreen> screens = [];
    private readonly HashSet<SlotId> asked = [];
    private readonly Dictionary<SlotId, (TimeSpan At, long Incarnation)> heard = [];
    private readonly long since;
    private long shows;
    private bool isStopped;

    public FanoutCollection(
        FanoutWorld world, RowsQuery query, IReadOnlyList<SlotId> slots, Func<KeyName, SlotId> slotOf,
        Action<FanoutCollection, SlotQueries.GetRows> ask)
    {
        this.world = world;
        this.query = query;
        this.slotOf = slotOf;
        this.ask = ask;
        since = world.Now;
        relay = new RowsRelay(new RowsMerge("f", world.NextName("r"), query, slots));
        Ask();
    }

    /// <summary>When the last screen left; null while there is one.</summary>
    public long? EmptySince { get; private set; }

    public void Watch(RelayMessages.IRowsScreen screen)
    {
        EmptySince = null;
        screens.Add(screen);
        if (relay.Latest is { } latest)
        {
            screen.Show(latest);
        }
    }

    public void Unwatch(RelayMessages.IRowsScreen screen)
    {
        if (!screens.Remove(screen))
        {
            return;
        }

        if (world.Defect == FanoutDefect.CollectionLeftForAll)
        {
            screens.Clear();
        }

        EmptySince = screens.Count == 0 ? world.Now : null;
    }

    /// <summary>It is let go: what is still under way to it arrives nowhere.</summary>
    public void Stop() => isStopped = true;

    public void On(IFeedMessage message)
    {
        if (isStopped)
        {
            return;
        }

        switch (message)
        {
            case SlotQueries.SlotRows rows:
                Heard(rows.Slot, rows.Incarnation);
                Show(relay.On(rows, world.Time, storeDown: false));
                break;
            case SlotQueries.Unchanged unchanged:
                Heard(unchanged.Slot, unchanged.Incarnation);
                Show(world.Defect == FanoutDefect.UnchangedIsEmpty
                    ? relay.On(new SlotQueries.SlotRows(unchanged.Slot, "", 0, [], [], 0, 0, ""), world.Time, false)
                    : relay.On(unchanged, world.Time, storeDown: false));
                break;
        }
    }

    public void Tick()
    {
        Show(relay.Tick(world.Time, storeDown: false));
        CheckStates();
        Ask();
    }

    // What a former incarnation says, behind what its successor said, tells nothing of the slot.
    private void Heard(SlotId slot, long incarnation)
    {
        if (heard.TryGetValue(slot, out var before) && incarnation < before.Incarnation)
        {
            world.Count(FanoutHappening.RowsOvertaken);
            return;
        }

        asked.Remove(slot);
        heard[slot] = (world.Time, incarnation);
    }

    private void Ask()
    {
        foreach (var (slot, mark) in relay.ToAsk(world.Time))
        {
            if (asked.Add(slot))
            {
                ask(this, new SlotQueries.GetRows(slot, "", query, mark));
            }
            else
            {
                world.Count(FanoutHappening.RowsAskedAgain);
                if (world.Defect != FanoutDefect.RowsAskedOnce)
                {
                    ask(this, new SlotQueries.GetRows(slot, "", query, mark));
                }
            }
        }
    }

    private void Show(bool isNews)
    {
        if (!isNews)
        {
            return;
        }

        // Four a second, of which four may come at once.
        var elapsed = world.Now - since;
        if (++shows > (elapsed / 250) + 4)
        {
            throw new ViolationException($"a collection changed {shows} times in {elapsed} ms");
        }

        foreach (var screen in screens)
        {
            screen.Show(relay.Latest!);
        }
    }

    private void CheckStates()
    {
        if (relay.Latest is not { View: var view })
        {
            return;
        }

        foreach (var key in view.Order)
        {
            var at = heard[slotOf(new KeyName("", key))].At;
            if (view.Find(key)!.State == FreshnessState.Live && world.Time - at > SilentMax)
            {
                throw new ViolationException($"{key} is live in a collection, its slot silent since {at}");
            }
        }
    }
}
