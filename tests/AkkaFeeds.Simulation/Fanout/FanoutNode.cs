using AkkaFeeds.Contracts;
using AkkaFeeds.Relays;

namespace AkkaFeeds.Simulation.Fanout;

/// <summary>The relays of a node: drives the watching of slots and the relay of each key as their actors do.</summary>
internal sealed class FanoutNode
{
    private readonly FanoutWorld world;
    private readonly Action<FanoutNode, ISlotMessage> send;
    private readonly Dictionary<SlotId, SlotWatch> watches = [];
    private readonly Dictionary<KeyName, Watched> relays = [];
    private readonly Dictionary<SlotId, SlotCondition> conditions = [];
    private readonly Dictionary<string, FanoutCollection> collections = [];
    private readonly Func<RowsQuery, FanoutNode, FanoutCollection> collect;
    private readonly Func<KeyName, SlotId> slotOf;
    private readonly string name;

    public FanoutNode(
        FanoutWorld world, string name, Func<KeyName, SlotId> slotOf, Action<FanoutNode, ISlotMessage> send,
        Func<RowsQuery, FanoutNode, FanoutCollection> collect)
    {
        this.world = world;
        this.name = name;
        this.slotOf = slotOf;
        this.send = send;
        this.collect = collect;
    }

    public bool IsGone { get; private set; }

    public void Watch(KeyName key, RelayMessages.IKeyScreen screen)
    {
        if (!relays.TryGetValue(key, out var relay))
        {
            relay = new Watched(slotOf(key), new KeyRelay("f", key, SlotCondition.Unknown(1)));
            relays.Add(key, relay);
            WatchOf(relay.Slot).Watch(key, world.Time);
            relay.State.On(conditions.GetValueOrDefault(relay.Slot) ?? SlotCondition.Unknown(1));
        }

        relay.Screens.Add(screen);
        relay.EmptySince = null;
        screen.Show(relay.State.Latest);
    }

    public void Unwatch(KeyName key, RelayMessages.IKeyScreen screen)
    {
        if (relays.TryGetValue(key, out var relay) && relay.Screens.Remove(screen) && relay.Screens.Count == 0)
        {
            relay.EmptySince = world.Now;
        }
    }

    /// <summary>Shows a collection: those who ask the same are shown one.</summary>
    public void Watch(RowsQuery query, RelayMessages.IRowsScreen screen)
    {
        var name = RowsRelays.NameOf("f", "", query).Query;
        if (!collections.TryGetValue(name, out var collection))
        {
            collections.Add(name, collection = collect(query, this));
        }

        collection.Watch(screen);
    }

    public void Unwatch(RowsQuery query, RelayMessages.IRowsScreen screen) =>
        collections.GetValueOrDefault(RowsRelays.NameOf("f", "", query).Query)?.Unwatch(screen);

    public void Stop() => IsGone = true;

    public void On(object message)
    {
        if (IsGone)
        {
            return;
        }

        switch (message)
        {
            case WatchMessages.KeyBegins begins when Accepts(begins.Slot, begins.Incarnation):
                if (WatchOf(begins.Slot).On(begins, world.Time) || Believes(begins.Slot, begins.Incarnation))
                {
                    Relay(begins.Key)?.On(begins);
                    Show(begins.Key);
                }

                break;
            case WatchMessages.KeyChanged changed when Accepts(changed.Slot, changed.Incarnation):
                On(changed);
                break;
            case WatchMessages.SlotReport report when Accepts(report.Slot, report.Incarnation):
                var watch = WatchOf(report.Slot);
                watch.On(
                    world.Defect == FanoutDefect.NumbersIgnored ? report with { Sent = 0, Watched = watch.Count }
                    : report.Watched < 0 ? report with { Watched = watch.Count } : report,
                    world.Time);
                Refresh(report.Slot);
                break;
        }
    }

    public void Tick()
    {
        if (IsGone)
        {
            return;
        }

        foreach (var (key, relay) in relays.Where(pair => world.Now - pair.Value.EmptySince > 3_000).ToList())
        {
            relays.Remove(key);
            WatchOf(relay.Slot).Unwatch(key, world.Time);
        }

        foreach (var (query, collection) in collections)
        {
            if (world.Now - collection.EmptySince > 3_000)
            {
                collections.Remove(query);
                collection.Stop();
            }
            else
            {
                collection.Tick();
            }
        }

        foreach (var (slot, watch) in watches)
        {
            if (world.Defect != FanoutDefect.WatchNotRepeated)
            {
                watch.Tick(world.Time);
            }

            Refresh(slot);
        }
    }

    private void On(WatchMessages.KeyChanged changed)
    {
        if (world.Defect == FanoutDefect.NumbersIgnored)
        {
            changed = changed with { Number = 0 };
        }

        var isOld = Believes(changed.Slot, changed.Incarnation);
        if ((!WatchOf(changed.Slot).On(changed, world.Time) && !isOld) || Relay(changed.Key) is not { } relay)
        {
            return;
        }

        if (isOld && relay.Latest.View.Newest is { View: not null } shown)
        {
            changed = changed with { Base = shown.Version, Version = shown.Version + 1 };
        }

        if (world.Defect == FanoutDefect.BaseIgnored && relay.Latest.View.Newest is { View: not null } newest)
        {
            changed = changed with
            {
                Base = newest.Version,
                Version = newest.Version + 1,
                Whole = false,
                Fields = "{}"u8.ToArray(),
            };
        }

        if (!relay.On(changed))
        {
            WatchOf(changed.Slot).AskAgain(changed.Key, world.Time);
        }

        Show(changed.Key);
    }

    // Defects that are put in where a message arrives.
    private bool Accepts(SlotId slot, long incarnation) => world.Defect != FanoutDefect.RecoveryUnnoticed
        || !watches.TryGetValue(slot, out var watch) || watch.Incarnation == 0 || watch.Incarnation >= incarnation;

    private bool Believes(SlotId slot, long incarnation) =>
        world.Defect == FanoutDefect.OldIncarnationBelieved && WatchOf(slot).Incarnation > incarnation;

    private KeyRelay? Relay(KeyName key) => relays.TryGetValue(key, out var relay) ? relay.State : null;

    private void Show(KeyName key)
    {
        if (relays.TryGetValue(key, out var relay))
        {
            foreach (var screen in relay.Screens)
            {
                screen.Show(relay.State.Latest);
            }
        }
    }

    private void Refresh(SlotId slot)
    {
        if (world.Defect == FanoutDefect.ConditionFrozen && world.Now > 2_000)
        {
            return;
        }

        var condition = ConditionOf(slot);
        if (conditions.TryGetValue(slot, out var known) && known.Epoch == condition.Epoch
            && known.Freshness.IsSame(condition.Freshness))
        {
            known.Read?.Replace(condition.Read?.Positions ?? new Dictionary<string, long>());
            return;
        }

        conditions[slot] = condition;
        foreach (var (key, relay) in relays.Where(pair => pair.Value.Slot == slot))
        {
            relay.State.On(condition);
            Show(key);
        }
    }

    private SlotCondition ConditionOf(SlotId slot)
    {
        var watch = WatchOf(slot);
        return watch.Report is not { } report || !watch.IsCurrent(world.Time)
            ? SlotCondition.Unknown(1)
            : new SlotCondition(
                report.Epoch,
                report.Rebuilding
                    ? new FreshnessStatus(FreshnessState.Rebuilding, "recovering", 5, report.Progress)
                    : FreshnessStatus.Live,
                new ReadPositions(report.Read));
    }

    private SlotWatch WatchOf(SlotId slot)
    {
        if (!watches.TryGetValue(slot, out var watch))
        {
            watches.Add(slot, watch = new SlotWatch(slot, name, message => send(this, message)));
        }

        return watch;
    }

    private sealed class Watched(SlotId slot, KeyRelay state)
    {
        public SlotId Slot { get; } = slot;

        public KeyRelay State { get; } = state;

        public List<RelayMessages.IKeyScreen> Screens { get; } = [];

        public long? EmptySince { get; set; }
    }
}
