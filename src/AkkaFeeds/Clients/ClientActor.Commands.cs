using Akka.Actor;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Clients;

/// <summary>What a client asks, and what it watches.</summary>
internal sealed partial class ClientActor
{
    private void On(ClientCommands.ICommand command)
    {
        switch (command)
        {
            case ClientCommands.Subscribe subscribe:
                Subscribe(subscribe);
                break;
            case ClientCommands.SubscribeRows subscribe:
                Subscribe(subscribe);
                break;
            case ClientCommands.Unsubscribe unsubscribe:
                if (keys.TryGetValue((unsubscribe.Feed, unsubscribe.Key), out var place))
                {
                    Remove(place);
                }

                outbox.Answer(
                    ControlFrames.Unsubscribed(unsubscribe.Feed, unsubscribe.Key.Key, null), FrameKind.Control);
                break;
            case ClientCommands.UnsubscribeRows unsubscribe:
                if (rows.TryGetValue((unsubscribe.Feed, unsubscribe.Id), out var collection))
                {
                    Remove(collection);
                }

                outbox.Answer(
                    ControlFrames.Unsubscribed(unsubscribe.Feed, null, unsubscribe.Id), FrameKind.Control);
                break;
            case ClientCommands.Rendered rendered:
                outbox.Rendered(rendered.Mark, rendered.At);
                break;
            case ClientCommands.Ping ping:
                outbox.Answer(ControlFrames.Pong(ping.Time, Clock()), FrameKind.Control);
                break;
            case ClientCommands.Hello { Marks: true }:
                outbox.AnswerMarks();
                break;
            case ClientCommands.Refused refused:
                Refuse(refused);
                break;
        }

        if (outbox.ControlBytes > ControlBytesMax)
        {
            Close(new ClientCommands.Close(CloseCode.TooSlow, "slow"));
        }
    }

    private void Subscribe(ClientCommands.Subscribe subscribe)
    {
        if (keys.TryGetValue((subscribe.Feed, subscribe.Key), out var known))
        {
            if (!IsTooFast(known.Unanswered, subscribe.Feed, subscribe.Key.Key, null))
            {
                outbox.Subscribe(known, subscribe.Fields, subscribe.PauseMilliseconds, subscribe.Resume);
            }

            return;
        }

        if (IsFull(subscribe.Feed, subscribe.Key.Key, null))
        {
            return;
        }

        var place = new KeyPlace(outbox, subscribe.Feed, subscribe.Key)
        {
            Freshness = dependencies.Freshness(subscribe.Feed),
            IsWhole = socket.WantsWhole,
        };
        keys.Add((subscribe.Feed, subscribe.Key), place);
        FeedsChanged();
        outbox.Subscribe(place, subscribe.Fields, subscribe.PauseMilliseconds, subscribe.Resume);
        dependencies.Relays.Tell(new RelayMessages.WatchKey(subscribe.Feed, subscribe.Key, place));
    }

    private void Subscribe(ClientCommands.SubscribeRows subscribe)
    {
        var owed = 0;
        if (rows.TryGetValue((subscribe.Feed, subscribe.Id), out var known))
        {
            if (IsTooFast(known.Unanswered, subscribe.Feed, null, subscribe.Id))
            {
                return;
            }

            owed = known.Unanswered;
            Remove(known);
            dependencies.Metrics.Subscribed(subscribe.Feed, 1);
        }
        else if (IsFull(subscribe.Feed, null, subscribe.Id))
        {
            return;
        }

        var place = new RowsPlace(outbox, subscribe.Feed, subscribe.Id, subscribe.Query)
        {
            Freshness = dependencies.Freshness(subscribe.Feed),
            PauseMilliseconds = subscribe.PauseMilliseconds,
            Unanswered = owed + 1,
        };
        rows.Add((subscribe.Feed, subscribe.Id), place);
        FeedsChanged();
        dependencies.Relays.Tell(
            new RelayMessages.WatchRows(subscribe.Feed, dependencies.Tenant, subscribe.Query, place));
    }

    private bool IsFull(string feed, string? key, string? id)
    {
        if (keys.Count + rows.Count < dependencies.SubscriptionsMax)
        {
            dependencies.Metrics.Subscribed(feed, 1);
            return false;
        }

        Refuse(new ClientCommands.Refused(
            "limit", $"A connection has at most {dependencies.SubscriptionsMax} subscriptions.", feed, key, id));
        return true;
    }

    // Each subscribe has an answer of its own, so that what waits in memory has to have a limit.
    private bool IsTooFast(int unanswered, string feed, string? key, string? id)
    {
        if (unanswered < KeyPlace.UnansweredMax)
        {
            return false;
        }

        Refuse(new ClientCommands.Refused(
            "rate", $"{unanswered} subscribes to this are not answered yet.", feed, key, id));
        return true;
    }

    private void Remove(KeyPlace place)
    {
        keys.Remove((place.Feed, place.Key));
        outbox.Remove(place);
        dependencies.Relays.Tell(new RelayMessages.UnwatchKey(place.Feed, place.Key, place));
        dependencies.Metrics.Subscribed(place.Feed, -1);
        FeedsChanged();
    }

    private void Remove(RowsPlace place)
    {
        rows.Remove((place.Feed, place.Id));
        outbox.Remove(place);
        dependencies.Relays.Tell(
            new RelayMessages.UnwatchRows(place.Feed, dependencies.Tenant, place.Query, place));
        dependencies.Metrics.Subscribed(place.Feed, -1);
        FeedsChanged();
    }

    private void OnRefused(RelayMessages.RowsRefused refused)
    {
        if (refused.Screen is not RowsPlace place || rows.GetValueOrDefault((place.Feed, place.Id)) != place)
        {
            return;
        }

        Remove(place);
        Refuse(new ClientCommands.Refused(
            "limit", $"This node serves at most {refused.Limit} different collections of a feed.", place.Feed,
            Id: place.Id));
    }

    private void Refuse(ClientCommands.Refused refused) =>
        outbox.Answer(ControlFrames.Error(refused), FrameKind.Control);

    private void FeedsChanged()
    {
        var before = feeds;
        feeds = string.Join(
            ' ', keys.Keys.Select(key => key.Feed).Concat(rows.Keys.Select(key => key.Feed)).Distinct()
                .Order(StringComparer.Ordinal));
        progressed = feeds.Split(' ').All(progressed.Split(' ').Contains) ? feeds : progressed;
        CountFeeds(before, feeds);
    }

    private void CountFeeds(string before, string now)
    {
        if (string.Equals(before, now, StringComparison.Ordinal))
        {
            return;
        }

        var left = before.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var watched = now.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var feed in left.Except(watched))
        {
            dependencies.Metrics.Of(feed).Watched(-1, isSlow);
        }

        foreach (var feed in watched.Except(left))
        {
            dependencies.Metrics.Of(feed).Watched(1, isSlow);
        }
    }
}
