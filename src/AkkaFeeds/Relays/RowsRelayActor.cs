using Akka.Actor;
using AkkaFeeds.Contracts;
using AkkaFeeds.Telemetry;

namespace AkkaFeeds.Relays;

/// <summary>
/// One collection on one node: asks the slots for their best rows, at most four times a second, merges them, and
/// shows what became of it. Slots that have nothing new say only that. It wakes no entity.
/// </summary>
internal sealed class RowsRelayActor : UntypedActor, IWithTimers
{
    private readonly HashSet<RelayMessages.IRowsScreen> screens = new(ReferenceEqualityComparer.Instance);
    private readonly RelayDependencies dependencies;
    private readonly RelayMessages.WatchRows watch;
    private readonly RowsRelay relay;
    private long? shownAt;
    private long joins;

    public RowsRelayActor(RelayMessages.WatchRows watch, RelayDependencies dependencies)
    {
        this.watch = watch;
        this.dependencies = dependencies;
        relay = new RowsRelay(new RowsMerge(
            watch.Feed, $"r{Guid.NewGuid():N}"[..13], watch.Query, dependencies.Feeds[watch.Feed].Slots));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    private bool IsStoreDown => dependencies.Board.Store.DownSince is not null;

    public static Props Props(RelayMessages.WatchRows watch, RelayDependencies dependencies) =>
        Akka.Actor.Props.Create(() => new RowsRelayActor(watch, dependencies));

    protected override void PreStart()
    {
        Ask();
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, RowsRelay.AskEvery);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RelayMessages.WatchRows joined:
                joins++;
                screens.Add(joined.Screen);
                if (relay.Latest is { } latest)
                {
                    joined.Screen.Show(latest);
                }

                break;
            case RelayMessages.UnwatchRows unwatch:
                screens.Remove(unwatch.Screen);
                if (screens.Count == 0)
                {
                    Context.Parent.Tell(new Empty(joins));
                }

                break;
            case SlotQueries.SlotRows rows:
                Show(relay.On(rows, Now, IsStoreDown));
                break;
            case SlotQueries.Unchanged unchanged:
                Show(relay.On(unchanged, Now, IsStoreDown));
                break;
            case Tick:
                Show(relay.Tick(Now, IsStoreDown));
                Ask();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Ask()
    {
        foreach (var (slot, mark) in relay.ToAsk(Now))
        {
            dependencies.Slots.Tell(new SlotQueries.GetRows(slot, watch.Tenant, watch.Query, mark), Self);
        }
    }

    private void Show(bool isNews)
    {
        if (!isNews)
        {
            return;
        }

        var latest = relay.Latest!;
        if (shownAt is { } before && latest.View.At > before)
        {
            dependencies.Metrics.Freshness(watch.Feed).Observe(
                FreshnessStage.Publish, Context.System.Scheduler.Now.ToUnixTimeMilliseconds() - latest.View.At);
        }

        shownAt = latest.View.At;
        foreach (var screen in screens)
        {
            screen.Show(latest);
        }
    }

    /// <summary>Nobody watches the collection any more, of as many as have joined so far.</summary>
    internal sealed record Empty(long Joins) : INoSerializationVerificationNeeded;

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }
}
