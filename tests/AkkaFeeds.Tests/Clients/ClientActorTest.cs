using System.Text;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;
using AkkaFeeds.Telemetry;
using Xunit;

namespace AkkaFeeds.Tests.Clients;

/// <summary>One connection's actor, with a socket, a clock and relays that a test moves by hand.</summary>
public abstract class ClientActorTest : TestKit
{
    private protected const int SubscriptionsMax = 3;
    private protected const long WriteBytes = 4_096;
    private protected const long UnreadBytes = 128 * 1024;
    private protected static readonly TimeSpan Slow = TimeSpan.FromSeconds(30);
    private protected static readonly RowsQuery Query = new("", null, null, false, 10);

    private protected readonly ManualClock clock = new();
    private protected readonly LiveProgress progress = new();
    private protected readonly FakeSocket socket = new();
    private protected readonly ClientMetrics metrics = new();
    private protected readonly FreshnessMeter meter = new();
    private protected readonly Akka.TestKit.TestProbe relays;
    private protected readonly FlushTicker ticker;
    private protected readonly IActorRef client;

    private protected ClientActorTest()
    {
        relays = CreateTestProbe();
        ticker = new FlushTicker(TimeSpan.FromMilliseconds(100), clock, progress);
        client = Sys.ActorOf(ClientActor.Props(
            new ClientDependencies(
                relays, ticker, new OutboxOptions(100, 500, WriteBytes), new BlankKeys(1, 10), metrics,
                _ => meter, clock, "",
                SubscriptionsMax, 16_384, 100, (long)Slow.TotalMilliseconds, UnreadBytes), socket));
        Watch(client);
    }

    private protected static ClientCommands.Subscribe Subscribe(string key, FieldSelection? fields = null) =>
        new("f", new KeyName("", key), fields, 0, null);

    private protected static KeyView View(string key, long version, string text = "t")
    {
        var name = new FrameName("f", new KeyName("", key));
        var view = version == 0 ? null : ViewNode.Parse(Encoding.UTF8.GetBytes($"{{\"text\":\"{text}\"}}"));
        return new(
            name, new ViewVersion(name, "t.1", version, view, 0, [], new ChangeRing()),
            version == 0 ? FreshnessStatus.Blank : FreshnessStatus.Live, null);
    }

    // The node's ticker stands here: what waits for its next flush is flushed by hand.
    private protected void Came(params string[] ops) => AwaitAssert(() => Assert.Equal(ops, Flushed()));

    private protected IReadOnlyList<string> Flushed()
    {
        clock.Advance(TimeSpan.FromMilliseconds(1));
        client.Tell(ClientActor.Flush.Instance);
        return socket.Ops;
    }

    private protected void Second(TimeSpan later)
    {
        clock.Advance(later);
        client.Tell(ClientActor.Second.Instance);
    }

    private protected void Ended(int code)
    {
        ExpectTerminated(client);
        Assert.Equal(code, socket.ClosedWith);
        Assert.Equal(0, metrics.Clients);
    }
}
