using Akka.Actor;
using AkkaFeeds.Contracts;
using AkkaFeeds.Entities;
using AkkaFeeds.Slots.Keys;
using AkkaFeeds.Telemetry;

namespace AkkaFeeds.Slots.Watching;

/// <summary>
/// The watched keys of a slot: an entity each, and what of them changed since it was last told. Changes of one key in
/// quick succession are told as one.
/// </summary>
/// <param name="slot">The slot.</param>
/// <param name="incarnation">The slot's incarnation.</param>
/// <param name="epoch">The same as clients see it.</param>
/// <param name="keys">The slot's keys.</param>
/// <param name="views">What they show.</param>
/// <param name="metrics">Is told how many keys are watched.</param>
/// <param name="context">Makes the entities.</param>
internal sealed class SlotEntities(
    SlotId slot, long incarnation, string epoch, SlotKeys keys, SlotViews views,
    FeedMetrics metrics, IActorContext context)
{
    private readonly WatchRegistry<IActorRef> registry = new();
    private readonly Dictionary<KeyName, IActorRef> entities = [];
    private WatchMessages.SlotReport? told;
    private TimeSpan toldAt;

    /// <summary>Whether anything that somebody watches has changed and was not told.</summary>
    public bool HasNews => keys.HasWatchedChanges;

    /// <summary>A node watches keys, watches them no more, or is still there.</summary>
    public void On(WatchMessages.IFromNode message, IActorRef sender, TimeSpan now)
    {
        switch (message)
        {
            case WatchMessages.Watch watch:
                Watch(watch, sender, now);
                break;
            case WatchMessages.Unwatch unwatch:
                registry.Unwatch(unwatch.Node, unwatch.Keys);
                Sweep();
                break;
            case WatchMessages.Renew renew:
                registry.Renew(renew.Node, now);
                break;
        }
    }

    /// <summary>Tells the entities what changed.</summary>
    public void Publish() => keys.TakeWatchedChanges((key, fields) =>
    {
        var watchers = registry.WatchersOf(key);
        if (watchers.Count == 0)
        {
            return;
        }

        // A key that was watched while blank is told whole, and numbered like every change: nobody has asked for it,
        // so nobody would miss it.
        var isKnown = entities.TryGetValue(key, out var entity);
        if (!isKnown && !views.Has(key))
        {
            return;
        }

        var nodes = Numbered(watchers);
        (entity ?? Make(key)).Tell(isKnown ? views.Change(key, fields, nodes) : views.Whole(key, nodes)!);
    });

    /// <summary>
    /// Tells the watching nodes where the slot stands: each second, and at once when that is another condition.
    /// </summary>
    public void Report(TimeSpan now)
    {
        registry.Expire(now);
        Sweep();
        if (registry.Nodes.Count == 0)
        {
            return;
        }

        var report = views.Report();
        var isNews = told is null || report.Rebuilding || told.Rebuilding != report.Rebuilding
            || told.Feeding.Count != report.Feeding.Count || IsBehind(told) != IsBehind(report);
        if (!isNews && now - toldAt < TimeSpan.FromSeconds(1))
        {
            return;
        }

        told = report;
        toldAt = now;
        foreach (var node in registry.Nodes)
        {
            Tell(node, report);
        }
    }

    private static EntityMessages.Numbered[] Numbered(IReadOnlyList<NodeWatch<IActorRef>> watchers)
    {
        var nodes = new EntityMessages.Numbered[watchers.Count];
        for (var index = 0; index < nodes.Length; index++)
        {
            nodes[index] = new(watchers[index].Target, watchers[index].Next());
        }

        return nodes;
    }

    private static bool IsBehind(WatchMessages.SlotReport report) =>
        report.Feeding.Any(feeding => feeding.BehindSince is not null);

    private static void Tell(NodeWatch<IActorRef> node, WatchMessages.SlotReport report) =>
        node.Target.Tell(report with { Sent = node.Sent, Watched = node.Keys.Count });

    private void Watch(WatchMessages.Watch watch, IActorRef sender, TimeSpan now)
    {
        // What changed before is told first: the begin then continues it, and no change is told twice.
        Publish();
        var isStandingAsked = watch.All || !registry.Knows(watch.Node);
        var node = registry.Watch(watch.Node, sender, watch.Keys, watch.All, now);

        // How it stands comes before the keys: who watches the first key of a slot is shown it with the state it has.
        // With every key it would count changes to the node that are on their way from other senders, again and again.
        if (isStandingAsked)
        {
            Tell(node, views.Report());
        }

        foreach (var key in watch.Keys)
        {
            keys.Watch(key);
            if (EntityOf(key) is { } entity)
            {
                entity.Tell(new EntityMessages.Join(sender));
            }
            else
            {
                sender.Tell(new WatchMessages.KeyBegins(slot, incarnation, epoch, key, 0, default, 0, [], 0));
            }
        }

        Sweep();
    }

    // An entity is made of a key that a record has made; who watches another one costs nothing but his registration.
    private IActorRef? EntityOf(KeyName key)
    {
        if (entities.TryGetValue(key, out var known))
        {
            return known;
        }

        if (views.Whole(key, []) is not { } whole)
        {
            return null;
        }

        var entity = Make(key);
        entity.Tell(whole);
        return entity;
    }

    private IActorRef Make(KeyName key)
    {
        var entity = context.ActorOf(EntityActor.Props(slot, incarnation, epoch, key));
        entities.Add(key, entity);
        return entity;
    }

    private void Sweep()
    {
        metrics.SetWatched(slot.Feed, slot.Index, registry.KeyCount);
        if (keys.WatchedCount == registry.KeyCount)
        {
            return;
        }

        foreach (var key in keys.Watched.Where(key => registry.WatchersOf(key).Count == 0).ToList())
        {
            keys.Unwatch(key);
            if (entities.Remove(key, out var entity))
            {
                context.Stop(entity);
            }
        }
    }
}
