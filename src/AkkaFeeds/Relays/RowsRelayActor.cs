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
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(250);

    private readonly HashSet<RelayMessages.IRowsScreen> screens = new(ReferenceEqualityComparer.Instance);
    private readonly RelayDependencies dependencies;
    private readonly RelayMessages.WatchRows watch;
    private readonly RowsMerge merge;
    private Latest<RowsView>? latest;
    private long joins;

    public RowsRelayActor(RelayMessages.WatchRows watch, RelayDependencies dependencies)
    {
        this.watch = watch;
        this.dependencies = dependencies;
        merge = new RowsMerge(
            watch.Feed, $"r{Guid.NewGuid():N}"[..13], watch.Query, dependencies.Feeds[watch.Feed].Slots);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(RelayMessages.WatchRows watch, RelayDependencies dependencies) =>
        Akka.Actor.Props.Create(() => new RowsRelayActor(watch, dependencies));

    protected override void PreStart()
    {
        Ask();
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, AskEvery);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RelayMessages.WatchRows joined:
                joins++;
                screens.Add(joined.Screen);
                if (latest is not null)
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
                merge.On(rows, Context.System.Scheduler.MonotonicClock);
                ShowIfWhole();
                break;
            case SlotQueries.Unchanged unchanged:
                merge.On(unchanged, Context.System.Scheduler.MonotonicClock);
                ShowIfWhole();
                break;
            case Tick:
                Show();
                Ask();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Ask()
    {
        foreach (var slot in merge.ToAsk(Context.System.Scheduler.MonotonicClock))
        {
            dependencies.Slots.Tell(
                new SlotQueries.GetRows(slot, watch.Tenant, watch.Query, merge.MarkOf(slot)), Self);
        }
    }

    private void ShowIfWhole()
    {
        if (merge.IsAnswered)
        {
            Show();
        }
    }

    private void Show()
    {
        var isDown = dependencies.Board.Store.DownSince is not null;
        if (merge.Merge(latest?.View, Context.System.Scheduler.MonotonicClock, isDown) is not { } merged)
        {
            return;
        }

        if (latest is { View: var before } && merged.At > before.At)
        {
            dependencies.Metrics.Freshness(watch.Feed).Observe(
                FreshnessStage.Publish, Context.System.Scheduler.Now.ToUnixTimeMilliseconds() - merged.At);
        }

        latest ??= new(merged);
        latest.View = merged;
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
