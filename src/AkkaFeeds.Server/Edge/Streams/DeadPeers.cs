using System.Net.Sockets;
using AkkaFeeds.Clients;
using Microsoft.AspNetCore.Connections.Features;

namespace AkkaFeeds.Server.Edge.Streams;

/// <summary>
/// Finds the other ends that are gone without a word: a pulled cable, a lost tunnel. The system goes on sending to
/// them for a quarter of an hour. A living peer acknowledges whatever it is sent, also one that reads nothing, and a
/// connection on which nothing is sent is asked by TCP itself: what TCP counts of it (<see cref="TcpCounts"/>) tells
/// the two apart, which neither a time limit on writes nor TCP_USER_TIMEOUT does.
/// </summary>
internal sealed class DeadPeers : IDisposable
{
    // How often the limit may pass while TCP asks a quiet peer.
    private const int QuestionsWithin = 4;

    private readonly SpreadSeconds<Watched> streams;
    private readonly TimeSpan limit;

    /// <summary>Begins to look.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="limit">How long a peer may acknowledge nothing.</param>
    public DeadPeers(TimeProvider clock, TimeSpan limit)
    {
        this.limit = limit;
        streams = new SpreadSeconds<Watched>(clock, Look);
        streams.Start();
    }

    /// <summary>Watches the connection of a request until the result is disposed.</summary>
    public IDisposable Watch(HttpContext context)
    {
        var socket = context.Features.Get<IConnectionSocketFeature>()?.Socket;
        var watched = new Watched(this, socket, context);
        if (socket is not null && OperatingSystem.IsLinux())
        {
            AskWhenQuiet(socket);
            streams.Add(watched);
        }

        return watched;
    }

    /// <inheritdoc/>
    public void Dispose() => streams.Dispose();

    private void Look(Watched stream)
    {
        if (TcpCounts.Of(stream.Socket!) is { } counts && counts.IsDead(limit))
        {
            stream.Cut();
        }
    }

    // GraphQL and the plain form say nothing while nothing changes: what is sent then finds an acknowledgement that is
    // as old as the quiet, and a living peer must not look dead until it has answered.
    private void AskWhenQuiet(Socket socket)
    {
        try
        {
            var seconds = Math.Max(1, (int)(limit.TotalSeconds / QuestionsWithin));
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, seconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, seconds);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    private sealed class Watched(DeadPeers owner, Socket? socket, HttpContext context) : IDisposable
    {
        public Socket? Socket => socket;

        public void Cut()
        {
            if (owner.streams.Remove(this))
            {
                context.Abort();
            }
        }

        public void Dispose() => owner.streams.Remove(this);
    }
}
