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

        // Answers wait for the socket in memory; a client that asks and does not read is closed at this point.
        if (outbox.ControlBytes > dependencies.UnreadBytesMax)
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
        CountFeed(subscribe.Feed, 1);
        outbox.Subscribe(place, subscribe.Fields, subscribe.PauseMilliseconds, subscribe.Resume);
        dependencies.Relays.Tell(new RelayMessages.WatchKey(subscribe.Feed, subscribe.Key, place));
    }

    private void Subscribe(ClientCommands.SubscribeRows subscribe)
    {
        RowsPlace place;
        if (rows.TryGetValue((subscribe.Feed, subscribe.Id), out var known))
        {
            if (IsTooFast(known.Unanswered, subscribe.Feed, null, subscribe.Id))
            {
                return;
            }

            place = known.Replace(subscribe.Query, subscribe.PauseMilliseconds);
            Remove(known);
        }
        else if (IsFull(subscribe.Feed, null, subscribe.Id))
        {
            return;
        }
        else
        {
            place = new RowsPlace(outbox, subscribe.Feed, subscribe.Id, subscribe.Query)
            {
                Freshness = dependencies.Freshness(subscribe.Feed),
                PauseMilliseconds = subscribe.PauseMilliseconds,
            };
        }

        rows.Add((subscribe.Feed, subscribe.Id), place);
        CountFeed(subscribe.Feed, 1);
        dependencies.Relays.Tell(
            new RelayMessages.WatchRows(subscribe.Feed, dependencies.Tenant, subscribe.Query, place));
    }

    private bool IsFull(string feed, string? key, string? id)
    {
        if (keys.Count + rows.Count < dependencies.SubscriptionsMax)
        {
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
        CountFeed(place.Feed, -1);
    }

    private void Remove(RowsPlace place)
    {
        rows.Remove((place.Feed, place.Id));
        outbox.Remove(place);
        dependencies.Relays.Tell(
            new RelayMessages.UnwatchRows(place.Feed, dependencies.Tenant, place.Query, place));
        CountFeed(place.Feed, -1);
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

    // Clients that watch the same feeds share the text of them, so that it has one order.
    private void CountFeed(string feed, int by)
    {
        dependencies.Metrics.Subscribed(feed, by);
        var former = subscriptions.GetValueOrDefault(feed);
        subscriptions[feed] = former + by;
        if (former > 0 && former + by > 0)
        {
            return;
        }

        if (former > 0)
        {
            subscriptions.Remove(feed);
        }

        owesFirstProgress |= former == 0;
        feeds = subscriptions.Count == 1 && by > 0
            ? feed
            : string.Join(' ', subscriptions.Keys.Order(StringComparer.Ordinal));
        dependencies.Metrics.Of(feed).Watched(by, isSlow);
        if (isSlow)
        {
            List();
        }
    }
}
