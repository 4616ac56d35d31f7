using Akka.Actor;
using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;
using Xunit;

namespace AkkaFeeds.Tests.Clients;

/// <summary>One connection by its messages: what it answers, how much it may ask, and how it ends.</summary>
public sealed class ClientActorTests : ClientActorTest
{
    [Fact]
    public void The_welcome_waits_for_no_frame_and_is_the_first()
    {
        Came("welcome");
        client.Tell(new ClientCommands.Ping(7));
        Came("welcome", "pong");
        Assert.Equal(7, socket.Frames[1].GetProperty("t").GetInt64());
        Assert.Equal(SubscriptionsMax, socket.Frames[0].GetProperty("limits").GetProperty("subscriptions").GetInt32());
    }

    [Fact]
    public void A_second_subscribe_is_answered_like_a_first_and_watches_nothing_twice()
    {
        client.Tell(Subscribe("A"));
        var watch = relays.ExpectMsg<RelayMessages.WatchKey>();
        watch.Screen.Show(new(View("A", 1)));
        Came("welcome", "snapshot", "progress");
        client.Tell(Subscribe("A", new FieldSelection(["other"])));
        Came("welcome", "snapshot", "progress", "snapshot");

        relays.ExpectNoMsg(TimeSpan.Zero);
        Assert.Equal(1, metrics.Subscriptions);
        Assert.Equal("{}", socket.Frames[3].GetProperty("data").GetRawText());
    }

    [Fact]
    public void A_second_subscribe_to_a_collection_replaces_its_query()
    {
        client.Tell(new ClientCommands.SubscribeRows("f", "t", Query, 0));
        var first = relays.ExpectMsg<RelayMessages.WatchRows>();
        client.Tell(new ClientCommands.SubscribeRows("f", "t", Query with { Prefix = "B" }, 0));

        Assert.Same(first.Screen, relays.ExpectMsg<RelayMessages.UnwatchRows>().Screen);
        Assert.Equal("B", relays.ExpectMsg<RelayMessages.WatchRows>().Query.Prefix);
        Assert.Equal(1, metrics.Subscriptions);
    }

    [Fact]
    public void A_feed_is_not_read_on_for_a_client_whose_views_wait_for_its_mark()
    {
        // What all clients share is made once a second, and the ticker's second does not come here.
        progress.At = 12_000;
        client.Tell(new ClientCommands.Hello(true));
        client.Tell(Subscribe("A"));
        var screen = relays.ExpectMsg<RelayMessages.WatchKey>().Screen;
        screen.Show(new(View("A", 1)));
        Came("welcome", "snapshot", "mark", "progress");

        clock.Advance(TimeSpan.FromMilliseconds(600));
        screen.Show(new(View("A", 2)));
        progress.At = 11_000;
        client.Tell(new ClientCommands.Ping(1));
        Came("welcome", "snapshot", "mark", "progress", "pong");
        progress.At = 11_500;
        Second(TimeSpan.FromSeconds(1));
        Came("welcome", "snapshot", "mark", "progress", "pong", "progress");
        Assert.Equal(11_000 - 100, ReadUntil());

        client.Tell(new ClientCommands.Rendered(1, null));
        Came("welcome", "snapshot", "mark", "progress", "pong", "progress", "snapshot", "mark");
        Second(TimeSpan.FromSeconds(1));
        Came("welcome", "snapshot", "mark", "progress", "pong", "progress", "snapshot", "mark", "progress");
        Assert.Equal(12_000, ReadUntil());

        long ReadUntil() =>
            socket.Frames[^1].GetProperty("feeds").GetProperty("f").GetProperty("at").GetInt64();
    }

    [Fact]
    public void Progress_rides_in_a_write_that_there_is_anyway_and_then_needs_none_with_the_second()
    {
        client.Tell(Subscribe("A"));
        var screen = relays.ExpectMsg<RelayMessages.WatchKey>().Screen;
        screen.Show(new(View("A", 1)));
        Came("welcome", "snapshot", "progress");
        clock.Advance(TimeSpan.FromMilliseconds(500));
        screen.Show(new(View("A", 2)));
        Came("welcome", "snapshot", "progress", "snapshot");

        clock.Advance(TimeSpan.FromMilliseconds(400));
        screen.Show(new(View("A", 3)));
        Came("welcome", "snapshot", "progress", "snapshot", "snapshot", "progress");
        Second(TimeSpan.FromMilliseconds(300));
        Came("welcome", "snapshot", "progress", "snapshot", "snapshot", "progress");
        Second(TimeSpan.FromSeconds(1));
        Came("welcome", "snapshot", "progress", "snapshot", "snapshot", "progress", "progress");
    }

    [Fact]
    public void One_subscription_too_many_is_refused_and_fits_when_another_is_left()
    {
        foreach (var key in (string[])["A", "B", "C", "D"])
        {
            client.Tell(Subscribe(key));
        }

        Came("welcome", "error");
        Assert.Equal("limit", socket.Frames[1].GetProperty("code").GetString());
        Assert.Equal("D", socket.Frames[1].GetProperty("key").GetString());
        client.Tell(new ClientCommands.Unsubscribe("f", new KeyName("", "A")));
        client.Tell(Subscribe("D"));
        Came("welcome", "error", "unsubscribed");
        Assert.Equal(SubscriptionsMax, metrics.Subscriptions);
        Assert.Equal(["A", "B", "C"], relays.ReceiveN(3).Cast<RelayMessages.WatchKey>().Select(each => each.Key.Key));
        relays.ExpectMsg<RelayMessages.UnwatchKey>(each => each.Key.Key == "A");
        relays.ExpectMsg<RelayMessages.WatchKey>(each => each.Key.Key == "D");
    }

    [Fact]
    public void Subscribes_that_nobody_has_answered_are_limited_key_by_key()
    {
        for (var number = 0; number <= KeyPlace.UnansweredMax; number++)
        {
            client.Tell(Subscribe("A"));
        }

        Came("welcome", "error");
        Assert.Equal("rate", socket.Frames[1].GetProperty("code").GetString());
        relays.ExpectMsg<RelayMessages.WatchKey>().Screen.Show(new(View("A", 1)));
        Came(["welcome", "error", .. Enumerable.Repeat("snapshot", KeyPlace.UnansweredMax), "progress"]);
    }

    [Fact]
    public void Leaving_what_is_not_watched_is_answered_and_counts_for_nothing()
    {
        client.Tell(new ClientCommands.Unsubscribe("f", new KeyName("", "A")));
        client.Tell(new ClientCommands.UnsubscribeRows("f", "t"));
        Came("welcome", "unsubscribed", "unsubscribed");
        relays.ExpectNoMsg(TimeSpan.Zero);
        Assert.Equal(0, metrics.Subscriptions);
    }

    [Fact]
    public void A_collection_that_the_node_refuses_is_told_and_forgotten()
    {
        client.Tell(new ClientCommands.SubscribeRows("f", "t", Query, 0));
        var watch = relays.ExpectMsg<RelayMessages.WatchRows>();
        client.Tell(new RelayMessages.RowsRefused(watch.Screen, 64));
        Came("welcome", "error");
        Assert.Equal("t", socket.Frames[1].GetProperty("id").GetString());
        relays.ExpectMsg<RelayMessages.UnwatchRows>();
        Assert.Equal(0, metrics.Subscriptions);
    }

    [Fact]
    public void A_blank_key_beyond_the_limit_is_refused_and_watched_no_more()
    {
        client.Tell(Subscribe("A"));
        client.Tell(Subscribe("B"));
        relays.ExpectMsg<RelayMessages.WatchKey>().Screen.Show(new(View("A", 0)));
        relays.ExpectMsg<RelayMessages.WatchKey>().Screen.Show(new(View("B", 0)));
        AwaitAssert(() => Assert.Contains("error", Flushed()));
        Assert.Equal("B", relays.ExpectMsg<RelayMessages.UnwatchKey>().Key.Key);
        Assert.Equal(1, metrics.Subscriptions);
    }

    [Fact]
    public void What_is_said_after_the_bye_is_not_heard()
    {
        client.Tell(new ClientCommands.Close(CloseCode.BadFrame, "bad-frame"));
        client.Tell(Subscribe("A"));
        client.Tell(new ClientCommands.Ping(1));
        Ended(CloseCode.BadFrame);
        Assert.Equal(["welcome", "bye"], socket.Ops);
        relays.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_bye_waits_behind_the_write_that_is_under_way()
    {
        Came("welcome");
        socket.Hang();
        client.Tell(new ClientCommands.Ping(1));
        Came("welcome", "pong");
        client.Tell(new ClientCommands.Close(CloseCode.GoingAway, "going-away", 500));
        Assert.False(socket.ClosedWith.HasValue);
        socket.Take();
        Ended(CloseCode.GoingAway);
        Assert.Equal(["welcome", "pong", "bye"], socket.Ops);
        Assert.Equal(500, socket.Frames[2].GetProperty("retryAfter").GetInt64());
    }

    [Fact]
    public void A_client_that_is_gone_leaves_nothing_behind()
    {
        client.Tell(Subscribe("A"));
        client.Tell(new ClientCommands.SubscribeRows("f", "t", Query, 0));
        var key = relays.ExpectMsg<RelayMessages.WatchKey>();
        var rows = relays.ExpectMsg<RelayMessages.WatchRows>();
        Assert.Equal((1, 2), (metrics.Clients, metrics.Subscriptions));
        client.Tell(ClientCommands.Gone.Instance);
        ExpectTerminated(client);
        Assert.Same(key.Screen, relays.ExpectMsg<RelayMessages.UnwatchKey>().Screen);
        Assert.Same(rows.Screen, relays.ExpectMsg<RelayMessages.UnwatchRows>().Screen);
        Assert.Equal((0, 0), (metrics.Clients, metrics.Subscriptions));
    }

    [Fact]
    public void A_client_counts_for_the_feeds_of_which_it_watches_something()
    {
        client.Tell(Subscribe("A"));
        client.Tell(Subscribe("B"));
        client.Tell(new ClientCommands.SubscribeRows("g", "t", Query, 0));
        relays.ReceiveN(3);
        Assert.Equal([(1, 2, 0), (1, 1, 0), (0, 0, 0)], Counts("f", "g", "h"));

        Came("welcome");
        socket.Hang();
        client.Tell(new ClientCommands.Ping(1));
        Came("welcome", "pong");
        Second(TimeSpan.FromSeconds(1.5));
        AwaitAssert(() => Assert.Equal([(1, 2, 1), (1, 1, 1)], Counts("f", "g")));
        client.Tell(new ClientCommands.UnsubscribeRows("g", "t"));
        client.Tell(new ClientCommands.Unsubscribe("f", new KeyName("", "A")));
        relays.ReceiveN(2);
        Assert.Equal([(1, 1, 1), (0, 0, 0)], Counts("f", "g"));
        client.Tell(ClientCommands.Gone.Instance);
        ExpectTerminated(client);
        Assert.Equal([(0, 0, 0), (0, 0, 0)], Counts("f", "g"));

        List<(long, long, long)> Counts(params string[] names) => [.. names.Select(metrics.Of)
            .Select(feed => (feed.Connections, feed.Subscriptions, feed.Slow))];
    }

    [Fact]
    public void Much_that_is_new_is_written_in_pieces_and_all_of_it()
    {
        Came("welcome");
        string[] keys = ["A", "B", "C"];
        Array.ForEach(keys, key => client.Tell(Subscribe(key)));
        var screens = relays.ReceiveN(3).Cast<RelayMessages.WatchKey>().Select(each => each.Screen).ToList();
        socket.Hang();
        client.Tell(new ClientCommands.Ping(1));
        Came("welcome", "pong");
        for (var index = 0; index < keys.Length; index++)
        {
            screens[index].Show(new(View(keys[index], 1, new string('x', (int)WriteBytes))));
        }

        client.Tell(ClientActor.Flush.Instance);
        socket.Take();
        Came("welcome", "pong", "snapshot", "progress", "snapshot", "snapshot");
        Assert.Equal(keys, socket.Frames.Where(frame => frame.TryGetProperty("key", out _))
            .Select(frame => frame.GetProperty("key").GetString()));
        Assert.All(socket.Writes, bytes => Assert.InRange(bytes, 1, 2 * WriteBytes));
    }

    [Fact]
    public void Views_that_are_held_back_ask_for_one_flush_however_often_others_flush()
    {
        client.Tell(new ClientCommands.Subscribe(
            "f", new KeyName("", "A"), null, 0, new ResumeFrom("t.1", 100, [])));
        relays.ExpectMsg<RelayMessages.WatchKey>().Screen.Show(new(View("A", 1)));
        Came("welcome", "state");
        for (var turn = 0; turn < 30; turn++)
        {
            ticker.Turn();
            for (var flush = 0; flush < 10; flush++)
            {
                client.Tell(ClientActor.Flush.Instance);
            }

            client.Tell(new Identify(0));
            ExpectMsg<ActorIdentity>();
            Assert.InRange(ticker.Waiting, 1, 2);
        }
    }
}
