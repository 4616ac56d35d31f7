using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote.Transport;

namespace AkkaFeeds.Nodes.Chunks;

/// <summary>
/// Akka's TCP between nodes, over which a message larger than a frame travels in chunks. It stands below everything
/// that nodes say to each other, so no message needs a protocol of its own for being large, what stays on its node
/// never meets it, and order is that of the connection. Akka finds it by <c>transport-class</c>.
/// </summary>
public sealed class ChunkedTransport : Transport
{
    /// <summary>Akka's own transport is not public; Akka, too, makes it by its name.</summary>
    private const string Tcp = "Akka.Remote.Transport.DotNetty.TcpTransport, Akka.Remote";

    private readonly Transport tcp;
    private readonly ChunkLimits limits;
    private readonly ILoggingAdapter log;

    /// <summary>Made by Akka.</summary>
    public ChunkedTransport(ActorSystem system, Config config)
    {
        tcp = (Transport)Activator.CreateInstance(Type.GetType(Tcp, throwOnError: true)!, system, config)!;
        limits = ChunkLimits.Of(config);
        log = Logging.GetLogger(system, typeof(ChunkedTransport));
        System = system;
        Config = config;
    }

    /// <inheritdoc/>
    public override string SchemeIdentifier => tcp.SchemeIdentifier;

    /// <summary>Akka refuses what is larger with an error that names the message, before it comes here.</summary>
    public override long MaximumPayloadBytes => limits.MessageBytes;

    /// <inheritdoc/>
    public override async Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen()
    {
        var (address, connections) = await tcp.Listen().ConfigureAwait(false);
        var akka = new TaskCompletionSource<IAssociationEventListener>();
        _ = AcceptAsync();
        return (address, akka);

        async Task AcceptAsync() =>
            connections.TrySetResult(new Listener(this, await akka.Task.ConfigureAwait(false)));
    }

    /// <inheritdoc/>
    public override bool IsResponsibleFor(Address remote) => tcp.IsResponsibleFor(remote);

    /// <inheritdoc/>
    public override async Task<AssociationHandle> Associate(Address remoteAddress) =>
        Chunked(await tcp.Associate(remoteAddress).ConfigureAwait(false));

    /// <inheritdoc/>
    public override Task<bool> Shutdown() => tcp.Shutdown();

    /// <inheritdoc/>
    public override Task<bool> ManagementCommand(object message) => tcp.ManagementCommand(message);

    private ChunkedHandle Chunked(AssociationHandle connection) => new(connection, limits, log);

    private sealed class Listener(ChunkedTransport transport, IAssociationEventListener akka)
        : IAssociationEventListener
    {
        public void Notify(IAssociationEvent ev) => akka.Notify(
            ev is InboundAssociation inbound ? new InboundAssociation(transport.Chunked(inbound.Association)) : ev);
    }
}
