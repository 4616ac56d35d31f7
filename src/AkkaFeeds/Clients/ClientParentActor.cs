using Akka.Actor;

namespace AkkaFeeds.Clients;

/// <summary>
/// The parent of some of a node's connections. An actor has its children in a tree that is never changed but made
/// again, each time that one comes or goes; with all connections under one, a fifth of what a crowd costs that leaves
/// in one instant was that.
/// </summary>
internal sealed class ClientParentActor(ClientDependencies dependencies) : UntypedActor
{
    // Made once: each is parsed from text.
    private static readonly Deploy Place =
        new Deploy().WithDispatcher(ClientGateway.Dispatcher).WithMailbox(ClientMailbox.Path);

    public static Props Props(ClientDependencies dependencies) =>
        Akka.Actor.Props.Create(() => new ClientParentActor(dependencies)).WithDispatcher(ClientGateway.Dispatcher);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Open open:
                Context.ActorOf(
                    ClientActor.Props(dependencies, open.Socket, open.Session).WithDeploy(Place), open.Name);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Begin a connection.</summary>
    internal sealed record Open(string Name, IClientSocket Socket, ClientSession Session)
        : INoSerializationVerificationNeeded;
}
