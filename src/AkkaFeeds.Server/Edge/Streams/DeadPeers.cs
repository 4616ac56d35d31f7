using System.Buffers.Binary;
using System.Net.Sockets;
using AkkaFeeds.Clients;
using Microsoft.AspNetCore.Connections.Features;

namespace AkkaFeeds.Server.Edge.Streams;

/// <summary>
/// Finds the other ends that are gone without a word: a pulled cable, a lost tunnel. The system goes on sending to
/// them for a quarter of an hour. A stream sends something each second, so that a living peer acknowledges each
/// second, also one that reads nothing: TCP's own count of when that last happened tells the two apart, which neither
/// a time limit on writes nor TCP_USER_TIMEOUT does.
/// </summary>
internal sealed class DeadPeers : IDisposable
{
    private const int Tcp = 6;
    private const int TcpInfo = 11;
    private const int ProbesAt = 3;
    private const int ProbesMin = 2;
    private const int UnacknowledgedAt = 24;
    private const int LastAcknowledgedAt = 56;
    private const int InfoBytes = 60;

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
            streams.Add(watched);
        }

        return watched;
    }

    /// <inheritdoc/>
    public void Dispose() => streams.Dispose();

    private void Look(Watched stream)
    {
        if (IsDead(stream.Socket!))
        {
            stream.Cut();
        }
    }

    // Either what was sent is not acknowledged, or the window is shut and questions whether it opens go unanswered; a
    // living peer answers them, so that at most one of them is open.
    private bool IsDead(Socket socket)
    {
        Span<byte> info = stackalloc byte[InfoBytes];
        try
        {
            return socket.GetRawSocketOption(Tcp, TcpInfo, info) == InfoBytes
                && (info[ProbesAt] >= ProbesMin
                    || BinaryPrimitives.ReadUInt32LittleEndian(info[UnacknowledgedAt..]) > 0)
                && BinaryPrimitives.ReadUInt32LittleEndian(info[LastAcknowledgedAt..]) > limit.TotalMilliseconds;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It has ended by itself.
            return false;
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
