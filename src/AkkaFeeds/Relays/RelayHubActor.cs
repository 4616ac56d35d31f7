using Akka.Actor;
using AkkaFeeds.Contracts;
using AkkaFeeds.Freshness;

namespace AkkaFeeds.Relays;

/// <summary>
/// The relays of a node: a child for each watched key and each collection. Whatever slots send to the node comes
/// here first, because only here all of it can be counted.
/// </summary>
internal sealed class RelayHubActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(250);

    private readonly string node = Guid.NewGuid().ToString("N")[..12];
    private readonly Dictionary<SlotId, SlotRelays> slots = [];
    private readonly Dictionary<IActorRef, SlotId> slotOfChild = [];
    private readonly RelayDependencies dependencies;
    private readonly RowsRelays rows;

    public RelayHubActor(RelayDependencies dependencies)
    {
        this.dependencies = dependencies;
        rows = new RowsRelays(dependencies, Context);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    private static long Clock => Context.System.Scheduler.Now.ToUnixTimeMilliseconds();

    public static Props Props(RelayDependencies dependencies) =>
        Akka.Actor.Props.Create(() => new RelayHubActor(dependencies));

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, TickEvery);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RelayMessages.WatchKey watch:
                OnWatch(watch);
                break;
            case RelayMessages.UnwatchKey unwatch:
                Find(unwatch.Feed, unwatch.Key)?.Find(unwatch.Key)?.Tell(unwatch);
                break;
            case WatchMessages.KeyChanged changed when slots.TryGetValue(changed.Slot, out var slot):
                slot.On(changed, Now, Clock);
                break;
            case WatchMessages.KeyBegins begins when slots.TryGetValue(begins.Slot, out var slot):
                if (slot.Watch.On(begins, Now))
                {
                    slot.Find(begins.Key)?.Tell(begins);
                }

                break;
            case WatchMessages.SlotReport report when slots.TryGetValue(report.Slot, out var slot):
                slot.Watch.On(report, Now);
                slot.Refresh(Now, Clock);
                break;
            case RelayActor.Empty empty when SlotOfChild(Sender) is { } slot:
                slot.OnEmpty(empty, Now);
                break;
            case RelayActor.Broken broken when SlotOfChild(Sender) is { } slot:
                slot.Watch.AskAgain(broken.Key, Now);
                break;
            case Tick:
                OnTick();
                break;
            default:
                if (!rows.TryHandle(message))
                {
                    Unhandled(message);
                }

                break;
        }
    }

    private void OnWatch(RelayMessages.WatchKey watch)
    {
        var feed = dependencies.Feeds[watch.Feed];
        var id = feed.SlotOf(watch.Key);
        if (!slots.TryGetValue(id, out var slot))
        {
            var region = dependencies.Slots;
            slot = new SlotRelays(
                new SlotWatch(id, node, message => region.Tell(message)),
                dependencies.Board.Of(watch.Feed), dependencies.Board.Store, Clock);
            slots.Add(id, slot);
        }

        slot.Join(watch.Key, condition => Make(id, watch, condition), Now).Tell(watch);
    }

    private IActorRef Make(SlotId id, RelayMessages.WatchKey watch, SlotCondition condition)
    {
        var relay = Context.ActorOf(RelayActor.Props(
            watch.Feed, watch.Key, condition, dependencies.Metrics.Freshness(watch.Feed)));
        slotOfChild.Add(relay, id);
        return relay;
    }

    private void OnTick()
    {
        foreach (var slot in slots.Values)
        {
            slot.Tick(Now, Clock, Stop);
        }

        rows.Tick(Now);
    }

    private void Stop(IActorRef relay)
    {
        slotOfChild.Remove(relay);
        Context.Stop(relay);
    }

    private SlotRelays? Find(string feed, KeyName key) =>
        slots.GetValueOrDefault(dependencies.Feeds[feed].SlotOf(key));

    private SlotRelays? SlotOfChild(IActorRef child) =>
        slotOfChild.TryGetValue(child, out var id) ? slots[id] : null;

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }
}

/// <summary>Names the relays of this node in Akka's registry.</summary>
internal sealed class RelayHub;
