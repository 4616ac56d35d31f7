using Akka.Actor;
using Akka.TestKit.Xunit2;
using AkkaFeeds.Clients;
using Xunit;

namespace AkkaFeeds.Tests.Clients;

/// <summary>The edge may tell a connection's actor what it likes before there is one.</summary>
public sealed class ClientSessionTests : TestKit
{
    private readonly Outbox outbox = new(new OutboxOptions(100, 500), () => 0, _ => { });
    private int closed;

    [Fact]
    public void What_is_told_before_the_actor_has_begun_comes_to_it_in_order_and_what_follows_behind_it()
    {
        using var session = new ClientSession(() => closed++);
        session.Tell(new ClientCommands.Hello(true));
        session.Tell(new ClientCommands.Ping(1));
        session.Begin(TestActor, outbox);
        session.Tell(new ClientCommands.Ping(2));
        ExpectMsg(new ClientCommands.Hello(true));
        ExpectMsg(new ClientCommands.Ping(1));
        ExpectMsg(new ClientCommands.Ping(2));
    }

    [Fact]
    public void A_socket_that_ends_before_the_actor_has_begun_is_told_to_it_and_counted_once()
    {
        using var session = new ClientSession(() => closed++);
        session.Dispose();
        session.Dispose();
        session.Begin(TestActor, outbox);
        ExpectMsg<ClientCommands.Gone>();
        ExpectNoMsg(TimeSpan.Zero);
        Assert.Equal(1, closed);
    }
}
