using System.Buffers.Binary;
using System.Net.Sockets;

namespace AkkaFeeds.Server.Edge.Streams;

/// <summary>What Linux counts of a connection (<c>TCP_INFO</c> of tcp(7), <c>struct tcp_info</c>).</summary>
/// <param name="Resent">How often the same was sent again, with no answer so far.</param>
/// <param name="Asked">Questions whether the peer is there, or its window opens, with no answer so far.</param>
/// <param name="Unacknowledged">Segments that are on their way.</param>
/// <param name="AnsweredBefore">How long ago the last acknowledgement came.</param>
/// <param name="BytesTaken">Bytes that the peer has acknowledged since the connection began.</param>
internal readonly record struct TcpCounts(
    int Resent, int Asked, long Unacknowledged, TimeSpan AnsweredBefore, long BytesTaken)
{
    private const int Tcp = 6;
    private const int TcpInfo = 11;
    private const int ResentAt = 2;
    private const int AskedAt = 3;
    private const int UnacknowledgedAt = 24;
    private const int LastAcknowledgedAt = 56;
    private const int BytesAcknowledgedAt = 120;
    private const int InfoBytes = 128;

    // One may be on its way; a living peer has answered it when the next is due.
    private const int QuestionsMin = 2;

    /// <summary>The counts of a socket; null where there are none: not on Linux, or the socket is closed.</summary>
    public static TcpCounts? Of(Socket? socket)
    {
        if (socket is null || !OperatingSystem.IsLinux())
        {
            return null;
        }

        Span<byte> info = stackalloc byte[InfoBytes];
        try
        {
            return socket.GetRawSocketOption(Tcp, TcpInfo, info) < InfoBytes
                ? null
                : new(
                    info[ResentAt], info[AskedAt], BinaryPrimitives.ReadUInt32LittleEndian(info[UnacknowledgedAt..]),
                    TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32LittleEndian(info[LastAcknowledgedAt..])),
                    BinaryPrimitives.ReadInt64LittleEndian(info[BytesAcknowledgedAt..]));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether the peer has answered nothing for <paramref name="limit"/> though it was sent something or asked, and
    /// that more than once: what was sent a moment ago, after a long quiet, is no sign of death.
    /// </summary>
    public bool IsDead(TimeSpan limit) =>
        AnsweredBefore > limit && (Asked >= QuestionsMin || (Unacknowledged > 0 && Resent > 0));
}
