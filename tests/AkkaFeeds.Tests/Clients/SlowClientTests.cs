using Akka.Actor;
using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;
using Xunit;

namespace AkkaFeeds.Tests.Clients;

/// <summary>
/// A client whose socket takes little or nothing: it counts as slow, is listed, and is closed in the end.
/// </summary>
public sealed class SlowClientTests : ClientActorTest
{
    [Fact]
    public void A_socket_that_takes_nothing_counts_as_slow_after_a_second_and_is_closed_after_the_timeout()
    {
        Came("welcome");
        socket.Hang();
        client.Tell(new ClientCommands.Ping(1));
        Came("welcome", "pong");
        Second(TimeSpan.FromSeconds(1.5));
        AwaitAssert(() => Assert.Equal(1, metrics.SlowClients));
        Second(Slow);
        Ended(CloseCode.TooSlow);
        Assert.Equal(["welcome", "pong"], socket.Ops);
        Assert.Equal((0, 1), (metrics.SlowClients, metrics.ClosedSlowTotal));
    }

    [Fact]
    public void A_socket_that_takes_a_little_each_time_is_slow_and_is_kept_until_it_takes_nothing()
    {
        Came("welcome");
        socket.Hang();
        client.Tell(new ClientCommands.Ping(1));
        Came("welcome", "pong");
        for (var taken = 1; taken <= 3; taken++)
        {
            socket.BytesTaken = taken;
            Second(Slow);
        }

        AwaitAssert(() => Assert.Equal(1, metrics.SlowClients));
        client.Tell(new Identify(0));
        ExpectMsg<ActorIdentity>(identity => Assert.NotNull(identity.Subject));
        Second(Slow + Slow);
        Ended(CloseCode.TooSlow);
    }

    [Fact]
    public void A_slow_client_is_listed_with_what_it_watches_for_as_long_as_it_is_slow()
    {
        client.Tell(Subscribe("A"));
        Came("welcome");
        Assert.Empty(Slowest("f"));
        socket.Hang();
        client.Tell(new ClientCommands.Ping(1));
        Came("welcome", "pong");
        Second(TimeSpan.FromSeconds(2));
        AwaitAssert(() => Assert.Single(Slowest("f")));
        var slow = Slowest("f").Single();
        Assert.Equal((client.Path.Name, "websocket"), (slow.Id, slow.Path));
        Assert.InRange(slow.WaitedMilliseconds, 2_000, 3_000);
        Assert.Equal(["f"], slow.Feeds);

        client.Tell(new ClientCommands.SubscribeRows("g", "t", Query, 0));
        AwaitAssert(() => Assert.Single(Slowest("g")));
        socket.Take();
        AwaitAssert(() => Assert.Empty(Slowest("f")));

        socket.Hang();
        client.Tell(new ClientCommands.Ping(2));
        AwaitAssert(() => Assert.Contains("pong", Flushed().Skip(2)));
        Second(TimeSpan.FromSeconds(2));
        AwaitAssert(() => Assert.Single(Slowest("f")));
        client.Tell(ClientCommands.Gone.Instance);
        ExpectTerminated(client);
        Assert.Empty(Slowest("f"));

        IReadOnlyList<SlowClient> Slowest(string feed) =>
            metrics.SlowestOf(feed, clock.GetUtcNow().ToUnixTimeMilliseconds(), 10);
    }

    [Fact]
    public void Who_asks_and_does_not_read_is_closed_when_answers_pile_up()
    {
        Came("welcome");
        socket.Hang();
        client.Tell(new ClientCommands.Ping(0));
        Came("welcome", "pong");
        for (var number = 0; number < 10_000; number++)
        {
            client.Tell(new ClientCommands.Ping(number));
        }

        client.Tell(new Identify(0));
        ExpectMsg<ActorIdentity>();
        socket.Take();
        Ended(CloseCode.TooSlow);
        Assert.True(
            socket.Writes.Max() is > (int)UnreadBytes and < (int)UnreadBytes + 1_000,
            $"{socket.Writes.Max()} bytes waited");
    }
}
