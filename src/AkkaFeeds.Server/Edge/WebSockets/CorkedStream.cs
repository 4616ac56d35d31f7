using System.Buffers;
using Microsoft.AspNetCore.Http.Features;

namespace AkkaFeeds.Server.Edge.WebSockets;

/// <summary>
/// The stream under a WebSocket: while it is corked, what is written gathers, so that the frames of one flush become
/// one write to the transport. Pongs and closes that the WebSocket writes by itself pass, in whole frames.
/// </summary>
internal sealed class CorkedStream(Stream inner) : Stream
{
    private readonly Lock gate = new();
    private readonly SemaphoreSlim writing = new(1, 1);
    private byte[]? gathered;
    private int count;
    private bool isCorked;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Gathers what is written from now.</summary>
    public void Cork()
    {
        lock (gate)
        {
            isCorked = true;
        }
    }

    /// <summary>Writes what has gathered.</summary>
    public async ValueTask UncorkAsync()
    {
        byte[]? bytes;
        int length;
        lock (gate)
        {
            isCorked = false;
            (bytes, length) = (gathered, count);
            (gathered, count) = (null, 0);
        }

        if (bytes is null)
        {
            return;
        }

        try
        {
            await WriteInnerAsync(bytes.AsMemory(0, length), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (gate)
        {
            if (isCorked)
            {
                Gather(buffer.Span);
                return ValueTask.CompletedTask;
            }
        }

        return WriteInnerAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.ReadAsync(buffer, offset, count, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (isCorked)
            {
                return Task.CompletedTask;
            }
        }

        return inner.FlushAsync(cancellationToken);
    }

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
            while (await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) > 0)
            {
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask WriteInnerAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            writing.Release();
        }
    }

    private void Gather(ReadOnlySpan<byte> bytes)
    {
        if (gathered is null || count + bytes.Length > gathered.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(1024, 2 * (count + bytes.Length)));
            if (gathered is not null)
            {
                gathered.AsSpan(0, count).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(gathered);
            }

            gathered = larger;
        }

        bytes.CopyTo(gathered.AsSpan(count));
        count += bytes.Length;
    }

    /// <summary>Puts this stream under the WebSocket that ASP.NET Core makes of an upgrade.</summary>
    internal sealed class Upgrade(IHttpUpgradeFeature inner) : IHttpUpgradeFeature
    {
        /// <summary>The stream, once upgraded.</summary>
        public CorkedStream? Stream { get; private set; }

        public bool IsUpgradableRequest => inner.IsUpgradableRequest;

        public async Task<Stream> UpgradeAsync() =>
            Stream = new CorkedStream(await inner.UpgradeAsync().ConfigureAwait(false));
    }
}
