using Akka.Actor;

namespace AkkaFeeds.Clients;

/// <summary>One connection as the edge sees it. Safe for several threads.</summary>
/// <param name="closed">Called once, when the socket has ended.</param>
internal sealed class ClientSession(Action closed) : IDisposable
{
    // What is told before the actor has begun.
    private readonly List<ClientCommands.ICommand> early = [];
    private volatile IActorRef? client;
    private Outbox? outbox;
    private int isDisposed;

    /// <summary>The connection's actor has begun.</summary>
    /// <param name="actor">The actor.</param>
    /// <param name="itsOutbox">Where answers to marks go.</param>
    public void Begin(IActorRef actor, Outbox itsOutbox)
    {
        lock (early)
        {
            outbox = itsOutbox;
            early.ForEach(command => actor.Tell(command));
            early.Clear();
            early.Capacity = 0;
            client = actor;
        }
    }

    /// <summary>Passes on what the client asks.</summary>
    public void Tell(ClientCommands.ICommand command)
    {
        if (client is { } begun)
        {
            Tell(begun, command);
            return;
        }

        lock (early)
        {
            if (client is { } justBegun)
            {
                Tell(justBegun, command);
            }
            else
            {
                early.Add(command);
            }
        }
    }

    /// <summary>The socket has ended.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) == 0)
        {
            Tell(ClientCommands.Gone.Instance);
            closed();
        }
    }

    private void Tell(IActorRef actor, ClientCommands.ICommand command)
    {
        // Nearly all that a client ever sends. As a message it would be kept by its actor, which is old, until the
        // next one: one more place for each collection to visit, times thousands.
        if (command is ClientCommands.Rendered rendered)
        {
            outbox!.Rendered(rendered.Mark, rendered.At);
        }
        else
        {
            actor.Tell(command);
        }
    }
}
