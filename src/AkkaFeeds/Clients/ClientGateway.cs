using Akka.Actor;

namespace AkkaFeeds.Clients;

/// <summary>Where the edge's connections come in: an actor each, as many as the node may have.</summary>
internal sealed class ClientGateway
{
    /// <summary>What runs them (EngineConfig.cs).</summary>
    public const string Dispatcher = "akkafeeds.client-dispatcher";

    private const int ParentCount = 64;

    private readonly ClientDependencies dependencies;
    private readonly int connectionsMax;
    private readonly IActorRef[] parents;
    private int count;

    public ClientGateway(ActorSystem system, ClientDependencies dependencies, int connectionsMax)
    {
        this.dependencies = dependencies;
        this.connectionsMax = connectionsMax;
        parents = [..
            Enumerable.Range(0, ParentCount)
                .Select(index => system.ActorOf(ClientParentActor.Props(dependencies), $"clients-{index}"))];
    }

    /// <summary>The largest frame from a client.</summary>
    public long FrameBytesMax => dependencies.FrameBytesMax;

    /// <summary>How many frames a second a client may send in the long run.</summary>
    public int Commands => dependencies.Commands;

    /// <summary>How long a client may take no byte of what waits for it.</summary>
    public TimeSpan Slow => TimeSpan.FromMilliseconds(dependencies.SlowMilliseconds);

    /// <summary>How many subscriptions a connection may have.</summary>
    public int SubscriptionsMax => dependencies.SubscriptionsMax;

    /// <summary>Begins a connection; null where the node has as many as it may.</summary>
    public ClientSession? Open(IClientSocket socket)
    {
        if (Interlocked.Increment(ref count) > connectionsMax)
        {
            Interlocked.Decrement(ref count);
            return null;
        }

        var name = $"c{Guid.NewGuid():N}"[..17];
        var session = new ClientSession(Closed);
        parents[(uint)name.GetHashCode(StringComparison.Ordinal) % ParentCount].Tell(
            new ClientParentActor.Open(name, socket, session));
        return session;
    }

    private void Closed() => Interlocked.Decrement(ref count);
}
