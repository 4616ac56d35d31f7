using Akka.Actor;

namespace AkkaFeeds.Clients;

/// <summary>One connection as the edge sees it.</summary>
/// <param name="closed">Called once, when the socket has ended.</param>
internal sealed class ClientSession(Action closed) : IDisposable
{
    private int isDisposed;

    /// <summary>The connection's actor.</summary>
    public IActorRef Client { get; set; } = ActorRefs.Nobody;

    /// <summary>Where its answers to marks go; null until its actor has begun.</summary>
    public Outbox? Outbox { get; set; }

    /// <summary>Passes on what the client asks.</summary>
    public void Tell(ClientCommands.ICommand command)
    {
        // Nearly all that a client ever sends. As a message it would be kept by its actor, which is old, until the
        // next one: one more place for each collection to visit, times thousands.
        if (command is ClientCommands.Rendered rendered && Outbox is { } outbox)
        {
            outbox.Rendered(rendered.Mark, rendered.At);
        }
        else
        {
            Client.Tell(command);
        }
    }

    /// <summary>The socket has ended.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) == 0)
        {
            Client.Tell(ClientCommands.Gone.Instance);
            closed();
        }
    }
}
