using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;

namespace AkkaFeeds.Server.Edge.WebSockets;

/// <summary>
/// What the connection of a WebSocket has received, read past the server's body. To the WebSocket, a connection that
/// ended between two frames ends by a close: else each that is reset is thrown and caught ten times on the way up, and
/// thousands that are reset at once hold up everybody else for a second (docs/performance.md).
/// </summary>
/// <param name="received">The connection's; the server reads it no more once it has upgraded.</param>
internal sealed class ReceivedFrames(PipeReader received)
{
    // As clients send it: masked, by zeros, and without a code.
    private static readonly byte[] CloseFrame = [0x88, 0x80, 0, 0, 0, 0];

    private readonly FrameBoundary boundary = new();
    private int closeRead;

    /// <summary>Whether the connection has ended, or broken.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Reads what there is; for an empty buffer, completes with 0 once there is anything.</summary>
    /// <exception cref="OperationCanceledException">It is canceled, or the server stops.</exception>
    // One method, because what waits in it is held by each idle connection; pooled, because it lives until the next
    // frame, and thousands of them would be promoted by each collection.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        while (!IsGone)
        {
            ReadResult? read;
            try
            {
                // Throws nothing where the connection breaks while this waits, as nearly always.
                read = await new Completion(received.ReadAsync(cancellation));
            }
            catch (Exception exception) when (exception is IOException or ConnectionAbortedException)
            {
                read = null;
            }

            if (read is not { } result)
            {
                IsGone = true;
                break;
            }

            if (result.IsCanceled)
            {
                received.AdvanceTo(result.Buffer.Start);
                throw new OperationCanceledException("the server stops");
            }

            if (!result.Buffer.IsEmpty)
            {
                return Take(result.Buffer, buffer.Span);
            }

            received.AdvanceTo(result.Buffer.End);
            IsGone = result.IsCompleted;
        }

        // Within a frame, no close can be told from what the frame holds.
        return boundary.IsBetween ? ReadClose(buffer.Span) : 0;
    }

    private int Take(ReadOnlySequence<byte> there, Span<byte> buffer)
    {
        var bytes = there.Slice(0, Math.Min(there.Length, buffer.Length));
        var length = (int)bytes.Length;
        bytes.CopyTo(buffer);
        boundary.Pass(buffer[..length]);
        received.AdvanceTo(bytes.End);
        return length;
    }

    private int ReadClose(Span<byte> buffer)
    {
        var part = CloseFrame.AsSpan(closeRead, Math.Min(buffer.Length, CloseFrame.Length - closeRead));
        part.CopyTo(buffer);
        closeRead += part.Length;
        return part.Length;
    }

    // A read, or null where it failed: to ask for the result of one that failed would throw.
    private readonly struct Completion(ValueTask<ReadResult> read) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => read.IsCompleted;

        public Completion GetAwaiter() => this;

        public ReadResult? GetResult()
        {
            var ended = read.GetAwaiter();
            return read.IsFaulted ? null : ended.GetResult();
        }

        public void OnCompleted(Action continuation) =>
            read.ConfigureAwait(false).GetAwaiter().OnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation) =>
            read.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(continuation);
    }
}
