using System.Buffers;
using System.Net.Sockets;
using AkkaFeeds.Clients;
using AkkaFeeds.Server.Edge.Streams;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace AkkaFeeds.Server.Edge.WebSockets;

/// <summary>
/// The stream under a WebSocket. All frames of one flush become one write; pongs and closes, which the WebSocket
/// writes by itself, come between two flushes. Without TLS it writes to the socket itself: the server's pipe and the
/// thread behind it cost as much again as the kernel does (docs/adr/0006-websocket.md). It reads
/// past the server's body then, too (see <see cref="ReceivedFrames"/>).
/// </summary>
/// <param name="inner">The server's stream.</param>
/// <param name="socket">The socket below it; null where it must not be written to past the stream.</param>
/// <param name="received">What has come from it; null where that is to be read from the stream.</param>
/// <param name="counted">The connection's socket, of which the system counts what the client takes.</param>
internal sealed class FrameStream(Stream inner, Socket? socket, ReceivedFrames? received, Socket? counted) : Stream
{
    private readonly SemaphoreSlim writing = new(1, 1);
    private bool isClosed;
    private volatile bool isEnding;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Bytes that the client has taken; 0 where the system does not count them.</summary>
    public long BytesTaken => TcpCounts.Of(counted)?.BytesTaken ?? 0;

    /// <summary>Whether the connection has ended by itself: there is nobody to be answered.</summary>
    public bool IsGone => received?.IsGone ?? false;

    /// <summary>Where in a frame the client is.</summary>
    public FrameBoundary Boundary { get; } = received?.Boundary ?? new FrameBoundary();

    /// <summary>
    /// Waits until more has come than the messages that the WebSocket has given, or for nothing where that cannot be
    /// told: the WebSocket waits then. It does so in an object that each collection visits (docs/performance.md).
    /// </summary>
    /// <param name="messages">How many it has given.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public ValueTask<int> WaitAsync(long messages, CancellationToken cancellation) =>
        received?.IsBehind(messages) == true ? received.ReadAsync(Memory<byte>.Empty, cancellation) : default;

    /// <summary>Writes all frames at once, or drops them where nobody is left to read: that is no news.</summary>
    /// <exception cref="IOException">The connection is gone, or a close has been written.</exception>
    public ValueTask WriteFramesAsync(FrameBatch frames)
    {
        if (IsGone)
        {
            return ValueTask.CompletedTask;
        }

        var bytes = ArrayPool<byte>.Shared.Rent(FrameHeader.BytesMax * frames.Count + frames.Bytes);
        var rest = bytes.AsMemory(0, FrameHeader.Frame(frames, bytes));
        isEnding |= frames.IsLast;
        var turn = writing.WaitAsync();
        var isGone = false;
        if (!turn.IsCompletedSuccessfully || isClosed || (!TrySend(ref rest, out isGone) && !isGone))
        {
            return WriteRestAsync(bytes, rest, turn);
        }

        writing.Release();
        ArrayPool<byte>.Shared.Return(bytes);

        // Not thrown: thousands of connections may be gone at once, and a throw costs more than a write.
        return isGone ? ValueTask.FromException(new IOException("the connection is gone")) : ValueTask.CompletedTask;
    }

    /// <summary>
    /// The same for who writes outside of a client's actor, which looks after its own writes: fails where the client
    /// takes no byte for too long.
    /// </summary>
    /// <param name="frames">The frames.</param>
    /// <param name="slow">How long it may take none.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellation">Ends the wait, and leaves what is not written to the end of the connection.</param>
    /// <exception cref="IOException">The connection is gone or too slow, or a close has been written.</exception>
    public async ValueTask WriteFramesAsync(
        FrameBatch frames, TimeSpan slow, TimeProvider clock, CancellationToken cancellation)
    {
        var written = WriteFramesAsync(frames);
        if (written.IsCompletedSuccessfully)
        {
            return;
        }

        var writing = written.AsTask();
        for (var taken = BytesTaken; ;)
        {
            try
            {
                await writing.WaitAsync(slow, clock, cancellation).ConfigureAwait(false);
                return;
            }
            catch (TimeoutException) when (BytesTaken is var sofar && sofar != taken)
            {
                taken = sofar;
            }
            catch (TimeoutException exception)
            {
                throw new IOException($"the client has taken nothing for {slow.TotalSeconds:F0} s", exception);
            }
        }
    }

    /// <summary>
    /// This side ends the connection, and says why: what the WebSocket finds wrong from here on is no longer news.
    /// </summary>
    public void BeginEnd() => isEnding = true;

    /// <summary>Writes the close, unless one has been written.</summary>
    public async ValueTask WriteCloseAsync(int code, string reason, CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!isClosed)
            {
                isClosed = true;
                await WriteInnerAsync(FrameHeader.Close(code, reason), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            writing.Release();
        }
    }

    // The WebSocket writes one whole frame at a time.
    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var isClose = !buffer.IsEmpty && (buffer.Span[0] & 0xF) == FrameHeader.CloseOpcode;
            if (isClosed || (isClose && isEnding))
            {
                return;
            }

            isClosed = isClose;
            await WriteInnerAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            writing.Release();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        received?.ReadAsync(buffer, cancellationToken) ?? ReadInnerAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        socket is null ? inner.FlushAsync(cancellationToken) : Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>
    /// Reads until the client ends, and throws it away: a socket that is closed with bytes unread is reset, and what
    /// was written last may be lost with it. The WebSocket may have disposed this stream; the one below is the
    /// server's, and ends with the request.
    /// </summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(1024);
        try
        {
            while (!IsGone && await ReadAsync(buffer, cancellationToken).ConfigureAwait(false) > 0)
            {
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<int> ReadInnerAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var length = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Boundary.Pass(buffer.Span[..length]);
        return length;
    }

    // Nearly always the system takes all of it at once; what is in the way comes to light when the rest is written.
    private bool TrySend(ref Memory<byte> rest, out bool isGone)
    {
        isGone = false;
        if (socket is null)
        {
            return false;
        }

        try
        {
            rest = rest[socket.Send(rest.Span, SocketFlags.None, out var error)..];
            isGone = error is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown
                or SocketError.NotConnected;
            return rest.IsEmpty;
        }
        catch (ObjectDisposedException)
        {
            isGone = true;
            return false;
        }
    }

    private async ValueTask WriteRestAsync(byte[] bytes, ReadOnlyMemory<byte> rest, Task turn)
    {
        try
        {
            await turn.ConfigureAwait(false);
            try
            {
                if (isClosed)
                {
                    throw new IOException("a close has been written");
                }

                await WriteInnerAsync(rest, CancellationToken.None).ConfigureAwait(false);
            }
            finally
            {
                writing.Release();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private async ValueTask WriteInnerAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        if (socket is null)
        {
            await inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            while (!buffer.IsEmpty)
            {
                buffer = buffer[await socket.SendAsync(buffer, SocketFlags.None, cancellationToken)
                    .ConfigureAwait(false)..];
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            throw new IOException("the connection is gone", exception);
        }
    }

    /// <summary>Puts this stream under the WebSocket that ASP.NET Core makes of an upgrade.</summary>
    internal sealed class Upgrade(IHttpUpgradeFeature inner, HttpContext context) : IHttpUpgradeFeature
    {
        /// <summary>The stream, once upgraded.</summary>
        public FrameStream? Stream { get; private set; }

        public bool IsUpgradableRequest => inner.IsUpgradableRequest;

        public async Task<Stream> UpgradeAsync()
        {
            // The server's answer has gone to the socket when this returns, because its pipe holds nothing back
            // (FeedServer), so that what is written to the socket comes behind it.
            var stream = await inner.UpgradeAsync().ConfigureAwait(false);
            var counted = context.Features.Get<IConnectionSocketFeature>()?.Socket;
            var socket = context.Request.IsHttps ? null : counted;
            if (socket is not null)
            {
                socket.Blocking = false;
            }

            // With TLS, what the connection has received is not what the client has sent.
            var received = context.Features.Get<IConnectionTransportFeature>()?.Transport.Input;
            return Stream = new FrameStream(
                stream, socket, socket is null || received is null ? null : new ReceivedFrames(received),
                counted);
        }
    }
}
