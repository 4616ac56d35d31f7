using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>A WebSocket client byte by byte: it may send what no client library would.</summary>
internal sealed class RawSocket : IAsyncDisposable
{
    public const int Text = ClientFrame.Text;
    public const int Binary = 2;
    public const int CloseOp = 8;
    public const int PingOp = 9;
    public const int PongOp = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpClient client;
    private readonly NetworkStream stream;
    private readonly byte[] buffer = new byte[64 * 1024];
    private int begin;
    private int end;

    private RawSocket(TcpClient client)
    {
        this.client = client;
        stream = client.GetStream();
    }

    /// <summary>What the server answered to the upgrade.</summary>
    public string Head { get; private set; } = "";

    /// <summary>Pongs that came while something else was read.</summary>
    public int Pongs { get; private set; }

    /// <summary>Connects and upgrades.</summary>
    /// <param name="http">The server.</param>
    /// <param name="target">What is asked for.</param>
    /// <param name="protocol">The subprotocol; null for none.</param>
    /// <param name="from">The address that it comes from; null for the usual one.</param>
    /// <param name="headers">More headers, each with its end of line.</param>
    public static async Task<RawSocket> ConnectAsync(
        Uri http, string target = "/v1/ws", string? protocol = "akkafeeds.v1", IPAddress? from = null,
        string headers = "")
    {
        var client = new TcpClient(new IPEndPoint(from ?? IPAddress.Any, 0)) { NoDelay = true };
        await client.ConnectAsync(http.Host, http.Port);
        var socket = new RawSocket(client);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET {target} HTTP/1.1\r\nHost: {http.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + $"{(protocol is null ? "" : $"Sec-WebSocket-Protocol: {protocol}\r\n")}{headers}\r\n"));
        socket.Head = await socket.HeadAsync();
        return socket.Head.StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal)
            ? socket
            : throw new InvalidOperationException($"no upgrade: {socket.Head}");
    }

    /// <inheritdoc cref="ClientFrame.Of"/>
    public static byte[] Frame(int opcode, ReadOnlySpan<byte> payload, bool isFinal = true, bool isMasked = true) =>
        ClientFrame.Of(opcode, payload, isFinal, isMasked);

    public static byte[] Frame(string text) => Frame(Text, Encoding.UTF8.GetBytes(text));

    /// <summary>Sends bytes as they are; false where the server has closed the connection.</summary>
    public async Task<bool> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var limit = new CancellationTokenSource(Patience);
            await stream.WriteAsync(bytes, limit.Token);
            return true;
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    public Task<bool> SendAsync(string text) => SendAsync(Frame(text));

    /// <summary>Ends this side only: the server reads an end, and may still write.</summary>
    public void ShutdownSending() => client.Client.Shutdown(SocketShutdown.Send);

    /// <summary>Breaks the connection without a goodbye.</summary>
    public void Abort() => client.Client.Close(0);

    /// <summary>The next message of the server; null at the end of the connection.</summary>
    public async Task<(int Opcode, byte[] Payload)?> ReadAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            if (!await HasAsync(2, limit.Token))
            {
                return null;
            }

            var opcode = buffer[begin] & 0x0f;
            var length = (long)(buffer[begin + 1] & 0x7f);
            var head = length switch { 126 => 4, 127 => 10, _ => 2 };
            if (!await HasAsync(head, limit.Token))
            {
                return null;
            }

            length = head switch
            {
                4 => BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(begin + 2)),
                10 => BinaryPrimitives.ReadInt64BigEndian(buffer.AsSpan(begin + 2)),
                _ => length,
            };
            begin += head;
            var payload = new byte[length];
            for (var done = 0; done < payload.Length;)
            {
                if (!await HasAsync(1, limit.Token))
                {
                    return null;
                }

                var part = Math.Min(end - begin, payload.Length - done);
                buffer.AsSpan(begin, part).CopyTo(payload.AsSpan(done));
                begin += part;
                done += part;
            }

            return (opcode, payload);
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>The next text of the server, and null with the close code where it closes instead.</summary>
    public async Task<(string? Frame, int? Code)> NextAsync()
    {
        while (await ReadAsync() is { } message)
        {
            switch (message.Opcode)
            {
                case Text:
                    return (Encoding.UTF8.GetString(message.Payload), null);
                case CloseOp:
                    return (null, message.Payload.Length < 2 ? 1005
                        : BinaryPrimitives.ReadUInt16BigEndian(message.Payload));
                case PongOp:
                    Pongs++;
                    break;
            }
        }

        return (null, null);
    }

    /// <summary>All frames until one that is wanted, with it; fails where the server closes.</summary>
    public async Task<List<JsonElement>> UntilAsync(Predicate<JsonElement> wanted)
    {
        var frames = new List<JsonElement>();
        while (true)
        {
            var (text, code) = await NextAsync();
            Assert.True(text is not null, $"closed with {code} after {string.Join(' ', frames)}");
            frames.Add(JsonDocument.Parse(text!).RootElement);
            if (wanted(frames[^1]))
            {
                return frames;
            }
        }
    }

    /// <summary>Asks for a pong and gives all frames until it comes.</summary>
    public async Task<List<JsonElement>> AnswersAsync(long ping)
    {
        await SendAsync($$"""{"op":"ping","t":{{ping}}}""");
        return await UntilAsync(frame => Op(frame) == "pong" && frame.TryGetProperty("t", out var t)
            && t.GetInt64() == ping);
    }

    /// <summary>All frames until the end, and the close code; null where the connection just ended.</summary>
    public async Task<(List<JsonElement> Frames, int? Code)> EndAsync()
    {
        var frames = new List<JsonElement>();
        while (true)
        {
            var (text, code) = await NextAsync();
            if (text is null)
            {
                return (frames, code);
            }

            frames.Add(JsonDocument.Parse(text).RootElement);
        }
    }

    public static string Op(JsonElement frame) => frame.GetProperty("op").GetString()!;

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> HeadAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (!await HasAsync(1, limit.Token))
            {
                break;
            }

            head.Append((char)buffer[begin++]);
        }

        return head.ToString();
    }

    private async Task<bool> HasAsync(int count, CancellationToken limit)
    {
        while (end - begin < count)
        {
            buffer.AsSpan(begin, end - begin).CopyTo(buffer);
            (begin, end) = (0, end - begin);
            var read = await stream.ReadAsync(buffer.AsMemory(end), limit);
            if (read == 0)
            {
                return false;
            }

            end += read;
        }

        return true;
    }
}
