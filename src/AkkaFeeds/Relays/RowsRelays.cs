using Akka.Actor;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Relays;

/// <summary>The collections that are watched on this node: one relay for all who ask the same.</summary>
internal sealed class RowsRelays(RelayDependencies dependencies, IActorContext context)
{
    private readonly Dictionary<(string Feed, string Query), KeptRelay> relays = [];
    private readonly Dictionary<IActorRef, (string Feed, string Query)> names = [];

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
                if (names.TryGetValue(context.Sender, out var name))
                {
                    relays[name].Left(empty.Joins, context.System.Scheduler.MonotonicClock);
                }

                return true;
            default:
                return false;
        }
    }

    /// <summary>Lets go the collections that nobody has watched for a while.</summary>
    public void Tick(TimeSpan now)
    {
        foreach (var (name, relay) in relays.Where(pair => pair.Value.IsSpent(now)).ToList())
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

            relay = new KeptRelay(context.ActorOf(RowsRelayActor.Props(watch, dependencies)));
            relays.Add(name, relay);
            names.Add(relay.Actor, name);
        }

        relay.Join();
        relay.Actor.Tell(watch);
    }

    // One that nobody watches makes way at once; it was only kept for somebody to come back.
    private bool MakeRoom(string feed)
    {
        var ofFeed = relays.Where(pair => pair.Key.Feed == feed).ToList();
        if (ofFeed.Count < dependencies.CollectionsPerFeedMax)
        {
            return true;
        }

        var unused = ofFeed.Find(pair => pair.Value.IsEmpty);
        if (unused.Value is null)
        {
            return false;
        }

        Remove(unused.Key, unused.Value);
        return true;
    }

    private void Remove((string Feed, string Query) name, KeptRelay relay)
    {
        relays.Remove(name);
        names.Remove(relay.Actor);
        context.Stop(relay.Actor);
    }

    /// <summary>What tells one collection from another: who asks the same is answered by one relay.</summary>
    internal static (string Feed, string Query) NameOf(string feed, string tenant, RowsQuery query)
    {
        var fields = query.Fields is null ? "*" : string.Join(',', query.Fields.Order());
        return (feed, string.Join(
            '\0', tenant, query.Prefix, fields, query.SortField, query.Descending, query.Limit));
    }
}
