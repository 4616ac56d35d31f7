using System.Net.Sockets;

namespace AkkaFeeds.Harness;

/// <summary>One connection through a <see cref="TcpProxy"/>: two sockets.</summary>
public sealed class ProxiedConnection
{
    internal ProxiedConnection(Socket client, Socket server)
    {
        Client = client;
        Server = server;
    }

    /// <summary>Who opened it, where the proxy was told how to read that from the first bytes.</summary>
    public string? Origin { get; internal set; }

    /// <summary>A note of the filter.</summary>
    public bool IsMarked { get; set; }

    internal Socket Client { get; }

    internal Socket Server { get; }

    /// <summary>Both ends are told by a reset.</summary>
    internal void Reset()
    {
        foreach (var socket in new[] { Client, Server })
        {
            try
            {
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // It was closed meanwhile.
            }

            socket.Dispose();
        }
    }
}
