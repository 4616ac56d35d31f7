using System.Buffers;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace AkkaFeeds.Harness;

/// <summary>One WebSocket connection of a client; a checker is told all that passes over it.</summary>
public sealed class RecordedSocket : IAsyncDisposable
{
    private const int SmallBufferBytes = 4_096;

    private readonly ClientWebSocket socket = new();
    private readonly HttpMessageInvoker invoker;
    private readonly SemaphoreSlim turn = new(1);
    private readonly FrameChecker checker;
    private readonly int number;
    private long? bytesPerSecond;

    private RecordedSocket(int number, FrameChecker checker, long? bytesPerSecond)
    {
        this.number = number;
        this.checker = checker;
        this.bytesPerSecond = bytesPerSecond;
        socket.Options.AddSubProtocol("akkafeeds.v1");
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        invoker = new(new SocketsHttpHandler { ConnectCallback = ConnectAsync });
    }

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    /// <summary>Connects; gives null where nobody listens or the upgrade is refused.</summary>
    /// <param name="http">The edge.</param>
    /// <param name="number">The number of the connection, for the checker.</param>
    /// <param name="checker">Is told everything.</param>
    /// <param name="bytesPerSecond">How fast it reads; null for as fast as it can.</param>
    /// <param name="readLag">How long a frame may wait for its reader; null where it reads slowly.</param>
    public static async Task<RecordedSocket?> ConnectAsync(
        Uri http, int number, FrameChecker checker, long? bytesPerSecond, TimeSpan? readLag)
    {
        var connection = new RecordedSocket(number, checker, bytesPerSecond);
        var uri = new UriBuilder(new Uri(http, "v1/ws")) { Scheme = "ws" }.Uri;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await connection.socket.ConnectAsync(uri, connection.invoker, patience.Token);
            checker.Opened(number, Now, readLag);
            return connection;
        }
        catch (Exception refused) when (refused is WebSocketException or OperationCanceledException)
        {
            await connection.DisposeAsync();
            return null;
        }
    }

    /// <summary>From here on it reads as fast as it can.</summary>
    public void ReadFast() => bytesPerSecond = null;

    /// <summary>Sends a frame; false where the connection is gone.</summary>
    public async Task<bool> SendAsync(JsonObject frame)
    {
        var text = frame.ToJsonString();
        await turn.WaitAsync();
        try
        {
            if (socket.State != WebSocketState.Open)
            {
                return false;
            }

            checker.Sent(number, text, Now);
            await socket.SendAsync(
                Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            return true;
        }
        catch (Exception gone) when (IsEnd(gone))
        {
            return false;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Reads until the connection ends, and gives the close code of the server, or null.</summary>
    public async Task<int?> ReadAsync(Action<string> came)
    {
        int? code = null;
        try
        {
            var message = new ArrayBufferWriter<byte>();
            while (true)
            {
                var part = await socket.ReceiveAsync(message.GetMemory(8_192), CancellationToken.None);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    code = (int?)socket.CloseStatus;
                    break;
                }

                message.Advance(part.Count);
                if (part.EndOfMessage)
                {
                    var text = Encoding.UTF8.GetString(message.WrittenSpan);
                    checker.Received(number, text, Now);
                    came(text);
                    await PaceAsync(message.WrittenCount);
                    message.ResetWrittenCount();
                }
            }
        }
        catch (Exception gone) when (IsEnd(gone))
        {
            // A connection that breaks has no close code.
        }

        checker.Closed(number, code, Now);
        return code;
    }

    /// <summary>Says good-bye as a browser's tab does, and leaves the rest to the reader.</summary>
    public async Task CloseAsync()
    {
        await turn.WaitAsync();
        try
        {
            if (socket.State == WebSocketState.Open)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
            }
        }
        catch (Exception gone) when (IsEnd(gone))
        {
            // It broke while we were about to end it.
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Breaks off, as a pulled cable does.</summary>
    public void Abort() => socket.Abort();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        socket.Abort();
        socket.Dispose();
        invoker.Dispose();
        return ValueTask.CompletedTask;
    }

    private static bool IsEnd(Exception gone) =>
        gone is WebSocketException or ObjectDisposedException or OperationCanceledException;

    private async Task PaceAsync(int bytes)
    {
        if (bytesPerSecond is { } pace)
        {
            await Waiting.PauseAsync(TimeSpan.FromSeconds((double)bytes / pace));
        }
    }

    // A slow reader has small buffers, else the kernel reads for it.
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var tcp = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (bytesPerSecond is not null)
            {
                tcp.ReceiveBufferSize = SmallBufferBytes;
            }

            await tcp.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(tcp, ownsSocket: true);
        }
        catch
        {
            tcp.Dispose();
            throw;
        }
    }
}
