using Akka.Actor;

namespace AkkaFeeds.Clients;

/// <summary>Where the edge's connections come in: an actor each, as many as the node may have.</summary>
internal sealed class ClientGateway(ActorSystem system, ClientDependencies dependencies, int connectionsMax)
{
    /// <summary>What runs them (EngineConfig.cs).</summary>
    public const string Dispatcher = "akkafeeds.client-dispatcher";

    // Made once: each is parsed from text.
    private static readonly Deploy Place = new Deploy().WithDispatcher(Dispatcher).WithMailbox(ClientMailbox.Path);

    private int count;

    /// <summary>The largest frame from a client.</summary>
    public long FrameBytesMax => dependencies.FrameBytesMax;

    /// <summary>How many frames a second a client may send in the long run.</summary>
    public int Commands => dependencies.Commands;

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
        session.Client = system.ActorOf(ClientActor.Props(dependencies, socket, session).WithDeploy(Place), name);
        return session;
    }

    private void Closed() => Interlocked.Decrement(ref count);
}
