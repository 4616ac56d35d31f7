using Akka.Actor;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Relays;

/// <summary>The collections that are watched on this node: one relay for all who ask the same.</summary>
internal sealed class RowsRelays(RelayDependencies dependencies, IActorContext context)
{
    private static readonly TimeSpan KeptAfterLast = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, Relay> relays = new(StringComparer.Ordinal);
    private readonly Dictionary<IActorRef, string> names = [];

    /// <summary>Takes a message of collections; false for another.</summary>
    public bool TryHandle(object message)
    {
        switch (message)
        {
            case RelayMessages.WatchRows watch:
                OnWatch(watch);
                return true;
            case RelayMessages.UnwatchRows unwatch:
                if (relays.TryGetValue(NameOf(unwatch.Feed, unwatch.Tenant, unwatch.Query), out var known))
                {
                    known.Actor.Tell(unwatch);
                }

                return true;
            case RowsRelayActor.Empty empty:
                if (names.TryGetValue(context.Sender, out var name) && relays[name].Joins == empty.Joins)
                {
                    relays[name].EmptySince = context.System.Scheduler.MonotonicClock;
                }

                return true;
            default:
                return false;
        }
    }

    /// <summary>Lets go the collections that nobody has watched for a while.</summary>
    public void Tick(TimeSpan now)
    {
        foreach (var (name, relay) in relays.Where(pair => now - pair.Value.EmptySince > KeptAfterLast).ToList())
        {
            Remove(name, relay);
        }
    }

    private void OnWatch(RelayMessages.WatchRows watch)
    {
        var name = NameOf(watch.Feed, watch.Tenant, watch.Query);
        if (!relays.TryGetValue(name, out var relay))
        {
            if (!MakeRoom(watch.Feed))
            {
                context.Sender.Tell(new RelayMessages.RowsRefused(watch.Screen, dependencies.CollectionsPerFeedMax));
                return;
            }

            relay = new Relay(watch.Feed, context.ActorOf(RowsRelayActor.Props(watch, dependencies)));
            relays.Add(name, relay);
            names.Add(relay.Actor, name);
        }

        relay.Joins++;
        relay.EmptySince = null;
        relay.Actor.Tell(watch);
    }

    // One that nobody watches makes way at once; it was only kept for somebody to come back.
    private bool MakeRoom(string feed)
    {
        var ofFeed = relays.Where(pair => pair.Value.Feed == feed).ToList();
        if (ofFeed.Count < dependencies.CollectionsPerFeedMax)
        {
            return true;
        }

        var unused = ofFeed.Find(pair => pair.Value.EmptySince is not null);
        if (unused.Value is null)
        {
            return false;
        }

        Remove(unused.Key, unused.Value);
        return true;
    }

    private void Remove(string name, Relay relay)
    {
        relays.Remove(name);
        names.Remove(relay.Actor);
        context.Stop(relay.Actor);
    }

    private static string NameOf(string feed, string tenant, RowsQuery query) => string.Join(
        '\0', feed, tenant, query.Prefix, query.Fields is null ? "*" : string.Join(',', query.Fields.Order()),
        query.SortField, query.Descending, query.Limit);

    private sealed class Relay(string feed, IActorRef actor)
    {
        public string Feed { get; } = feed;

        public IActorRef Actor { get; } = actor;

        public long Joins { get; set; }

        public TimeSpan? EmptySince { get; set; }
    }
}
