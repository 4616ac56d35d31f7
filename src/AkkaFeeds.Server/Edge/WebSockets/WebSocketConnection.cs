using System.Buffers;
using System.Net.WebSockets;
using AkkaFeeds.Clients;

namespace AkkaFeeds.Server.Edge.WebSockets;

/// <summary>One WebSocket: reads the client's frames into commands, and writes batches for its actor.</summary>
internal sealed class WebSocketConnection(AcceptedSocket accepted, long frameBytesMax, TimeProvider clock)
    : IClientSocket
{
    private const int FirstBytes = 2048;

    private readonly WebSocket socket = accepted.Socket;
    private readonly FrameStream stream = accepted.Stream;
    private readonly CancellationToken aborted = accepted.Aborted;
    private bool hasSpoken;

    /// <inheritdoc/>
    public long BytesTaken => stream.BytesTaken;

    /// <inheritdoc/>
    public ValueTask SendAsync(FrameBatch frames) => stream.WriteFramesAsync(frames);

    /// <inheritdoc/>
    public void Close(int code, string reason) => _ = accepted.CloseAsync(code, reason);

    /// <summary>Says goodbye to a client that gets no actor.</summary>
    public async Task RefuseAsync(int code, string reason, long retryAfterMilliseconds)
    {
        var batch = new FrameBatch();
        batch.Add(ControlFrames.Bye(code, reason, retryAfterMilliseconds), Contracts.FrameKind.Control);
        await SendAsync(batch).ConfigureAwait(false);
        await accepted.CloseAsync(code, reason).ConfigureAwait(false);
    }

    /// <summary>Ends it for a client that gets no actor and knows no frames.</summary>
    public Task RefusePlainAsync(int code, string reason) => accepted.CloseAsync(code, reason);

    /// <summary>Reads until the socket ends; what a frame asks for goes to <paramref name="session"/>.</summary>
    /// <param name="session">The client's actor.</param>
    /// <param name="frames">Reads what the client asks; null where it asks nothing, and what comes is thrown
    /// away.</param>
    /// <param name="rate">How many frames it may send, either way.</param>
    public async Task RunAsync(ClientSession session, ClientFrames? frames, CommandRate rate)
    {
        using var deadline = new FrameDeadline(clock, () => OnLate(session));
        stream.Boundary.Deadline = deadline;
        try
        {
            // An idle connection holds no buffer: one is rented when the first byte is there.
            for (var messages = 0L; ; messages++)
            {
                await stream.WaitAsync(messages, aborted).ConfigureAwait(false);
                var first = await socket.ReceiveAsync(Memory<byte>.Empty, aborted).ConfigureAwait(false);
                if (first.MessageType == WebSocketMessageType.Close
                    || !await ReceiveAsync(first, session, frames, rate).ConfigureAwait(false))
                {
                    break;
                }
            }

            // A close is answered by a close, else a browser takes the end for a broken connection.
            if (socket.State == WebSocketState.CloseReceived && !stream.IsGone)
            {
                await accepted.CloseAsync((int)WebSocketCloseStatus.NormalClosure, "").ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException
            or WebSocketException { WebSocketErrorCode: WebSocketError.ConnectionClosedPrematurely })
        {
            // The connection is gone, or was cut: there is nobody to tell.
        }
        catch (WebSocketException)
        {
            // The bytes were no frame, and the WebSocket has said so by a close code.
            session.Dispose();
            await accepted.DrainBelowAsync().ConfigureAwait(false);
        }
    }

    // Reads the frame that has begun.
    private async ValueTask<bool> ReceiveAsync(
        ValueWebSocketReceiveResult first, ClientSession session, ClientFrames? frames, CommandRate rate)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
        try
        {
            var length = 0;
            var received = first;
            while (!received.EndOfMessage)
            {
                if (length == buffer.Length)
                {
                    buffer = Larger(buffer);
                }

                received = await socket.ReceiveAsync(buffer.AsMemory(length), aborted).ConfigureAwait(false);
                length += received.Count;
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    return false;
                }

                if (length > frameBytesMax)
                {
                    return await EndAsync(session, CloseCode.TooBig, "too-large").ConfigureAwait(false);
                }

                if (!rate.TryPass(stream.Boundary.Fragments))
                {
                    return await EndAsync(session, CloseCode.Limit, "rate").ConfigureAwait(false);
                }
            }

            return frames is null || received.MessageType == WebSocketMessageType.Text
                ? await OnFrameAsync(session, frames, rate, buffer.AsMemory(0, length)).ConfigureAwait(false)
                : await EndAsync(session, CloseCode.BadFrame, "bad-frame").ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<bool> OnFrameAsync(
        ClientSession session, ClientFrames? frames, CommandRate rate, ReadOnlyMemory<byte> frame)
    {
        var isFirst = !hasSpoken;
        hasSpoken = true;
        switch (rate.Take())
        {
            case CommandRate.Verdict.Refuse:
                session.Tell(new ClientCommands.Refused(
                    "rate", $"More than {rate.PerSecond} frames a second; some of yours were dropped."));
                return true;
            case CommandRate.Verdict.Drop:
                return true;
            case CommandRate.Verdict.Close:
                return await EndAsync(session, CloseCode.Limit, "rate").ConfigureAwait(false);
        }

        var command = frames?.Read(frame, isFirst);
        if (command is ClientCommands.Close close)
        {
            return await EndAsync(session, close.Code, close.Reason).ConfigureAwait(false);
        }

        if (command is not null)
        {
            session.Tell(command);
        }

        return true;
    }

    // What comes is read on meanwhile: the client may still end its frame, or the connection.
    private void OnLate(ClientSession session)
    {
        stream.BeginEnd();
        session.Tell(new ClientCommands.Close(CloseCode.TooSlow, "slow"));
        accepted.CutSoon();
    }

    // The client's actor says goodbye; what the client still sends is read and thrown away, so that it can.
    private async Task<bool> EndAsync(ClientSession session, int code, string reason)
    {
        stream.BeginEnd();
        session.Tell(new ClientCommands.Close(code, reason));
        await accepted.DrainAsync().ConfigureAwait(false);
        return false;
    }

    private byte[] Larger(byte[] buffer)
    {
        // One byte more than allowed shows that a frame is too large, without reading the rest of it.
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * buffer.Length, frameBytesMax + 1));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
