using Akka.Actor;

namespace AkkaFeeds.Clients;

/// <summary>One connection as the edge sees it.</summary>
internal sealed class ClientSession(IActorRef client, Action closed) : IDisposable
{
    private int isDisposed;

    /// <summary>Passes on what the client asks.</summary>
    public void Tell(ClientCommands.ICommand command) => client.Tell(command);

    /// <summary>The socket has ended.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) == 0)
        {
            client.Tell(ClientCommands.Gone.Instance);
            closed();
        }
    }
}
