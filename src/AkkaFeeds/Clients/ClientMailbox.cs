using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace AkkaFeeds.Clients;

/// <summary>
/// The mailbox of a connection's actor: a small queue under a lock. Few messages ever wait in it, and the standard one
/// takes 1.3 KB of each idle connection for room that it has no use for.
/// </summary>
/// <param name="settings">Akka's.</param>
/// <param name="config">Of the mailbox.</param>
internal sealed class ClientMailbox(Settings settings, Config config)
    : MailboxType(settings, config), IProducesMessageQueue<ClientMailbox.MessageQueue>
{
    /// <summary>Where EngineConfig.cs names it.</summary>
    public const string Path = "akkafeeds.client-mailbox";

    /// <inheritdoc/>
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new MessageQueue();

    /// <summary>The messages of one actor.</summary>
    internal sealed class MessageQueue : IMessageQueue, IUnboundedMessageQueueSemantics
    {
        private readonly Queue<Envelope> waiting = new();

        /// <inheritdoc/>
        public bool HasMessages => Count > 0;

        /// <inheritdoc/>
        public int Count
        {
            get
            {
                lock (waiting)
                {
                    return waiting.Count;
                }
            }
        }

        /// <inheritdoc/>
        public void Enqueue(IActorRef receiver, Envelope envelope)
        {
            lock (waiting)
            {
                waiting.Enqueue(envelope);
            }
        }

        /// <inheritdoc/>
        public bool TryDequeue(out Envelope envelope)
        {
            lock (waiting)
            {
                return waiting.TryDequeue(out envelope);
            }
        }

        /// <inheritdoc/>
        public void CleanUp(IActorRef owner, IMessageQueue deadletters)
        {
            while (TryDequeue(out var envelope))
            {
                deadletters.Enqueue(owner, envelope);
            }
        }
    }
}
