using System.Buffers;
using System.Net.WebSockets;
using AkkaFeeds.Definitions.Files;
using Microsoft.AspNetCore.Http.Features;

namespace AkkaFeeds.Server.Edge.WebSockets;

/// <summary>A WebSocket of any endpoint: how it is accepted, and how it ends.</summary>
/// <param name="socket">What reads it.</param>
/// <param name="stream">The stream below, which writes it.</param>
internal sealed class AcceptedSocket(WebSocket socket, FrameStream stream) : IDisposable
{
    private const int DrainedBytes = 2048;

    private static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource aborted = new();

    /// <summary>What reads it.</summary>
    public WebSocket Socket => socket;

    /// <summary>The stream below, which writes it.</summary>
    public FrameStream Stream => stream;

    /// <summary>Ends what reads, once the client has had its time to end the connection.</summary>
    public CancellationToken Aborted => aborted.Token;

    /// <summary>Answers an upgrade.</summary>
    /// <param name="context">The request, prepared by <see cref="WebSocketEndpoint.Prepare"/>.</param>
    /// <param name="protocol">The subprotocol; null for none.</param>
    /// <param name="http">How often a silent client is pinged, and how long it may take to answer.</param>
    public static async Task<AcceptedSocket> AcceptAsync(HttpContext context, string? protocol, HttpOptions http)
    {
        var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = protocol,
            KeepAliveInterval = http.Ping,
            KeepAliveTimeout = http.PingTimeout,
        }).ConfigureAwait(false);
        return new AcceptedSocket(
            socket, ((FrameStream.Upgrade)context.Features.GetRequiredFeature<IHttpUpgradeFeature>()).Stream!);
    }

    /// <summary>Writes the close, unless one has been written, and leaves the client some time to answer it.</summary>
    public async Task CloseAsync(int code, string reason)
    {
        try
        {
            using var within = new CancellationTokenSource(CloseWithin);
            await stream.WriteCloseAsync(code, reason, within.Token).ConfigureAwait(false);
            CutSoon();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException
            or ObjectDisposedException or InvalidOperationException)
        {
            socket.Abort();
            CutAfter(TimeSpan.Zero);
        }
    }

    /// <summary>
    /// Behind a close, or what is to end by one: reads until the client closes or its time is over, and throws it
    /// away. A connection that is closed with bytes unread is reset, and the close may be lost with it.
    /// </summary>
    public async Task DrainAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(DrainedBytes);
        CutSoon();
        try
        {
            while ((await socket.ReceiveAsync(buffer.AsMemory(), aborted.Token).ConfigureAwait(false)).MessageType
                != WebSocketMessageType.Close)
            {
            }
        }
        catch (WebSocketException)
        {
            // What is thrown away need not be well-formed.
            await DrainBelowAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // It did not end in time, or has ended.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The same where what comes is no frame.</summary>
    public async Task DrainBelowAsync()
    {
        CutSoon();
        try
        {
            await stream.DrainAsync(aborted.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            // It did not end in time, or has ended.
        }
    }

    /// <summary>Leaves the client some time to end the connection.</summary>
    public void CutSoon() => CutAfter(CloseWithin);

    /// <inheritdoc/>
    public void Dispose()
    {
        aborted.Dispose();
        socket.Dispose();
    }

    private static bool IsEnd(Exception exception) =>
        exception is IOException or OperationCanceledException or InvalidOperationException;

    // The reading side may have ended already, and the connection with it.
    private void CutAfter(TimeSpan delay)
    {
        try
        {
            aborted.CancelAfter(delay);
        }
        catch (ObjectDisposedException)
        {
            // Then there is nothing left to cut.
        }
    }
}
