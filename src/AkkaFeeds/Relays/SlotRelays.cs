using Akka.Actor;
using AkkaFeeds.Contracts;
using AkkaFeeds.Freshness;

namespace AkkaFeeds.Relays;

/// <summary>The relays of one slot's keys on this node, and how it stands with the slot.</summary>
/// <param name="watch">The watching of the slot.</param>
/// <param name="board">What this node knows of the feed's partitions.</param>
/// <param name="store">Whether the store answers.</param>
/// <param name="beganAt">When the node began to ask for the slot, Unix ms.</param>
internal sealed class SlotRelays(
    SlotWatch watch, FeedBoard board, StoreBoard store, long beganAt)
{
    private readonly Dictionary<KeyName, KeptRelay> relays = [];
    private long readIncarnation;
    private long missedSince = beganAt;
    private bool wasRebuilding;

    /// <summary>The watching of the slot.</summary>
    public SlotWatch Watch => watch;

    /// <summary>How it stands now.</summary>
    public SlotCondition Condition { get; private set; } = SlotCondition.Unknown(beganAt);

    // Whether the slot has said that it is rebuilt, and changes that it sent before have not come: a report has a hop
    // less than they have. A view would be called live without the last record that the rebuilding was about.
    private bool IsAwaitingChanges => wasRebuilding && watch is { Report: { Rebuilding: false }, IsComplete: false };

    /// <summary>The relay of a key, or null.</summary>
    public IActorRef? Find(KeyName key) => relays.TryGetValue(key, out var relay) ? relay.Actor : null;

    /// <summary>Somebody watches a key.</summary>
    public IActorRef Join(KeyName key, Func<SlotCondition, IActorRef> make, TimeSpan now)
    {
        if (!relays.TryGetValue(key, out var relay))
        {
            relays.Add(key, relay = new KeptRelay(make(Condition)));
            watch.Watch(key, now);
        }

        relay.Join();
        return relay.Actor;
    }

    /// <summary>Nobody watches a key any more, unless somebody has joined in the meantime.</summary>
    public void OnEmpty(RelayActor.Empty empty, TimeSpan now)
    {
        if (relays.TryGetValue(empty.Key, out var relay))
        {
            relay.Left(empty.Joins, now);
        }
    }

    /// <summary>A key has changed.</summary>
    public void On(WatchMessages.KeyChanged changed, TimeSpan now, long clock)
    {
        var wasAwaited = IsAwaitingChanges;
        if (watch.On(changed, now))
        {
            Find(changed.Key)?.Tell(changed);
        }

        if (wasAwaited && !IsAwaitingChanges)
        {
            Refresh(now, clock);
        }
    }

    /// <summary>Looks again how it stands, and lets go the relays that nobody has watched for a while.</summary>
    public void Tick(TimeSpan now, long clock, Action<IActorRef> stop)
    {
        watch.Tick(now);
        foreach (var (key, relay) in relays.Where(pair => pair.Value.IsSpent(now)).ToList())
        {
            relays.Remove(key);
            watch.Unwatch(key, now);
            stop(relay.Actor);
        }

        Refresh(now, clock);
    }

    /// <summary>Looks again how it stands, and tells the relays where that is something new.</summary>
    public void Refresh(TimeSpan now, long clock)
    {
        var found = Look(now, clock);
        var isNews = found.Epoch != Condition.Epoch || !found.Freshness.IsSame(Condition.Freshness);
        Condition = found;
        if (isNews)
        {
            foreach (var relay in relays.Values)
            {
                relay.Actor.Tell(found);
            }
        }
    }

    private SlotCondition Look(TimeSpan now, long clock)
    {
        if (!watch.IsCurrent(now))
        {
            missedSince = missedSince == 0 ? clock : missedSince;
            return Condition with
            {
                Freshness = store.DownSince is { } down
                    ? new FreshnessStatus(FreshnessState.Stale, "store-down", down)
                    : new FreshnessStatus(FreshnessState.Rebuilding, "recovering", missedSince, Progress: 0),
            };
        }

        missedSince = 0;
        var report = watch.Report!;
        var read = readIncarnation == report.Incarnation ? Condition.Read! : new ReadPositions(report.Read);
        readIncarnation = report.Incarnation;
        read.Replace(report.Read);
        return new SlotCondition(report.Epoch, FreshnessOf(report), read);
    }

    private FreshnessStatus FreshnessOf(WatchMessages.SlotReport report)
    {
        wasRebuilding = report.Rebuilding || IsAwaitingChanges;
        if (wasRebuilding)
        {
            return new FreshnessStatus(
                FreshnessState.Rebuilding, "recovering", report.RecoveredAt, Math.Round(report.Progress, 2));
        }

        return board.StateOf(
            (topic, partition) => report.Feeding.Any(
                feeding => feeding.Partition == partition && feeding.Topic == topic),
            null,
            (topic, partition) => report.Feeding.FirstOrDefault(
                feeding => feeding.Partition == partition && feeding.Topic == topic).BehindSince);
    }
}
