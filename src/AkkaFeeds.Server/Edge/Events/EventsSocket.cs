using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;
using AkkaFeeds.Server.Edge.Streams;
using AkkaFeeds.Telemetry;

namespace AkkaFeeds.Server.Edge.Events;

/// <summary>
/// One event stream, as its client's actor sees it: each frame is an event, named after its <c>op</c>. What follows a
/// frame on a WebSocket follows it here, because it is the same actor and the same outbox.
/// </summary>
/// <param name="request">What is watched.</param>
/// <param name="output">The body of the answer.</param>
/// <param name="connection">The socket below it, where this stream has it alone.</param>
/// <param name="clock">The clock.</param>
internal sealed class EventsSocket(
    EventsRequest request, PipeWriter output, Socket? connection, TimeProvider clock) : IClientSocket
{
    // Progress comes each second, and the comment with it: no stream needs a timer of its own.
    private static readonly TimeSpan CommentAfter = TimeSpan.FromSeconds(9.5);

    private readonly Lock gate = new();
    private readonly TaskCompletionSource<int> closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long commentedAt = clock.GetTimestamp();
    private Task writing = Task.CompletedTask;
    private bool isEnded;

    /// <inheritdoc/>
    public ClientPath Path => ClientPath.Sse;

    /// <inheritdoc/>
    public long BytesTaken => TcpCounts.Of(connection)?.BytesTaken ?? 0;

    /// <inheritdoc/>
    public bool WantsHeld => true;

    /// <summary>Ends, with the code, when the client's actor closes the stream.</summary>
    public Task<int> Closed => closed.Task;

    /// <inheritdoc/>
    public ValueTask SendAsync(FrameBatch frames)
    {
        lock (gate)
        {
            if (isEnded)
            {
                return ValueTask.FromException(new IOException("the stream has ended"));
            }

            Write(frames);
            writing = FlushedAsync(output.FlushAsync());
            return new ValueTask(writing);
        }
    }

    /// <inheritdoc/>
    public void Close(int code, string reason) => closed.TrySetResult(code);

    /// <summary>Nothing is written from here on; ends when what is being written has ended.</summary>
    public async Task EndAsync()
    {
        lock (gate)
        {
            isEnded = true;
        }

        try
        {
            await writing.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The client's actor was told.
        }
    }

    private static async Task FlushedAsync(ValueTask<FlushResult> flush)
    {
        if ((await flush.ConfigureAwait(false)).IsCompleted)
        {
            throw new IOException("the client is gone");
        }
    }

    private void Write(FrameBatch frames)
    {
        if (clock.GetElapsedTime(commentedAt) > CommentAfter)
        {
            output.Write(": still here\n\n"u8);
            commentedAt = clock.GetTimestamp();
        }

        for (var index = 0; index < frames.Count; index++)
        {
            var frame = frames[index].Span;
            output.Write("event: "u8);
            output.Write(OpOf(frame));
            if (frames.KindOf(index) == FrameKind.Progress && frames.Held is { } held)
            {
                output.Write("\nid: "u8);
                output.Write(Encoding.ASCII.GetBytes(ResumeToken.Write(request, held)));
            }
            else if (frames.IsLast && index == frames.Count - 1)
            {
                WriteRetry(frame);
            }

            output.Write("\ndata: "u8);
            output.Write(frame);
            output.Write("\n\n"u8);
        }
    }

    // A browser's EventSource comes back by itself, after the time that it was told last.
    private void WriteRetry(ReadOnlySpan<byte> bye)
    {
        var name = "\"retryAfter\":"u8;
        if (bye.IndexOf(name) is >= 0 and var at)
        {
            var digits = bye[(at + name.Length)..];
            output.Write("\nretry: "u8);
            output.Write(digits[..digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9')]);
        }
    }

    // Every frame begins with its op; a frame has no line break, because views are compact JSON.
    private static ReadOnlySpan<byte> OpOf(ReadOnlySpan<byte> frame)
    {
        var name = frame["{\"op\":\""u8.Length..];
        return name[..name.IndexOf((byte)'"')];
    }
}
