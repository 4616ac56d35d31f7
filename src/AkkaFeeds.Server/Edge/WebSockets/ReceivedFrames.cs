using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;
using Microsoft.AspNetCore.Connections;

namespace AkkaFeeds.Server.Edge.WebSockets;

/// <summary>
/// What the connection of a WebSocket has received, read past the server's body. To the WebSocket, a connection that
/// ended between two frames ends by a close: else each that is reset is thrown and caught ten times on the way up, and
/// thousands that are reset at once hold up everybody else for a second (docs/performance.md).
/// </summary>
/// <remarks>
/// A read that has to wait waits in this object, and not in one of an asynchronous method: those are handed over by
/// Interlocked, which makes each collection visit them, times thousands (docs/performance.md).
/// </remarks>
internal sealed class ReceivedFrames : IValueTaskSource<int>
{
    // As clients send it: masked, by zeros, and without a code.
    private static readonly byte[] CloseFrame = [0x88, 0x80, 0, 0, 0, 0];

    private readonly PipeReader received;
    private readonly Action onRead;
    private int closeRead;

    // Of the read that waits; there is one at the most.
    private ValueTask<ReadResult> reading;
    private Memory<byte> wanted;
    private CancellationToken canceled;
    private Action<object?>? then;
    private object? thenState;
    private ValueTaskSourceStatus status;
    private int count;
    private ExceptionDispatchInfo? failure;
    private short version;

    /// <summary>Begins.</summary>
    /// <param name="received">The connection's; the server reads it no more once it has upgraded.</param>
    public ReceivedFrames(PipeReader received)
    {
        this.received = received;
        onRead = OnRead;
    }

    /// <summary>Whether the connection has ended, or broken.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Where in a frame it is.</summary>
    public FrameBoundary Boundary { get; } = new();

    /// <summary>Whether a WebSocket that has given so many messages keeps nothing of what it has read.</summary>
    public bool IsBehind(long messages) => Boundary.IsBehind(messages);

    /// <summary>
    /// Reads what there is; for an empty buffer, completes with 0 once there is anything. One read at a time.
    /// </summary>
    /// <exception cref="OperationCanceledException">It is canceled, or the server stops.</exception>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        wanted = buffer;
        canceled = cancellation;
        try
        {
            if (HasRead(out var length))
            {
                return new(length);
            }
        }
        catch (OperationCanceledException exception)
        {
            return ValueTask.FromException<int>(exception);
        }

        status = ValueTaskSourceStatus.Pending;
        return new(this, version);
    }

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => status;

    /// <inheritdoc/>
    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        (then, thenState) = (continuation, state);
        WaitOn();
    }

    /// <inheritdoc/>
    int IValueTaskSource<int>.GetResult(short token)
    {
        if (token != version || status == ValueTaskSourceStatus.Pending)
        {
            throw new InvalidOperationException("The read is not over, or its result was taken before.");
        }

        version++;
        var failed = failure;
        failure = null;
        failed?.Throw();
        return count;
    }

    private void WaitOn() => reading.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(onRead);

    private void OnRead()
    {
        try
        {
            if (!HasTaken(out count) && !HasRead(out count))
            {
                WaitOn();
                return;
            }

            status = ValueTaskSourceStatus.Succeeded;
        }
        catch (Exception exception)
        {
            failure = ExceptionDispatchInfo.Capture(exception);
            status = exception is OperationCanceledException
                ? ValueTaskSourceStatus.Canceled : ValueTaskSourceStatus.Faulted;
        }

        var (next, state) = (then!, thenState);
        (then, thenState) = (null, null);
        next(state);
    }

    // Reads until there is something; false where that has to be waited for.
    private bool HasRead(out int length)
    {
        while (!IsGone)
        {
            if (!Begin())
            {
                IsGone = true;
            }
            else if (!reading.IsCompleted)
            {
                length = 0;
                return false;
            }
            else if (HasTaken(out length))
            {
                return true;
            }
        }

        // Within a frame, no close can be told from what the frame holds.
        length = Boundary.IsBetween ? ReadClose(wanted.Span) : 0;
        return true;
    }

    // False where the connection broke before.
    private bool Begin()
    {
        try
        {
#pragma warning disable CA2012 // It is used up once: by HasTaken, at once or behind the wait.
            reading = received.ReadAsync(canceled);
#pragma warning restore CA2012
            return true;
        }
        catch (Exception exception) when (IsBreak(exception))
        {
            return false;
        }
    }

    // Takes what a read has brought; false where that is nothing: HasRead goes on.
    private bool HasTaken(out int length)
    {
        length = 0;
        if (Result() is not { } result)
        {
            IsGone = true;
        }
        else if (result.IsCanceled)
        {
            received.AdvanceTo(result.Buffer.Start);
            throw new OperationCanceledException("the server stops");
        }
        else if (!result.Buffer.IsEmpty)
        {
            length = Take(result.Buffer, wanted.Span);
            return true;
        }
        else
        {
            received.AdvanceTo(result.Buffer.End);
            IsGone = result.IsCompleted;
        }

        return false;
    }

    // Null where the connection broke: nearly always while this waited, and to ask a read that failed for its result
    // would throw.
    private ReadResult? Result()
    {
        var ended = reading.GetAwaiter();
        try
        {
            return reading.IsFaulted ? null : ended.GetResult();
        }
        catch (Exception exception) when (IsBreak(exception))
        {
            return null;
        }
    }

    private static bool IsBreak(Exception exception) => exception is IOException or ConnectionAbortedException;

    private int Take(ReadOnlySequence<byte> there, Span<byte> buffer)
    {
        var bytes = there.Slice(0, Math.Min(there.Length, buffer.Length));
        var length = (int)bytes.Length;
        bytes.CopyTo(buffer);
        Boundary.Pass(buffer[..length]);
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
}
