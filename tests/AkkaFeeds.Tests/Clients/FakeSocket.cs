using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using AkkaFeeds.Clients;

namespace AkkaFeeds.Tests.Clients;

/// <summary>A socket that keeps what is written, and takes it at once or when it is let.</summary>
internal sealed class FakeSocket : IClientSocket
{
    private readonly ConcurrentQueue<string> frames = new();
    private readonly ConcurrentQueue<int> writes = new();
    private TaskCompletionSource? held;

    /// <summary>The code that it was closed with; null while it is open.</summary>
    public int? ClosedWith { get; private set; }

    /// <summary>What the other end has taken, as the system would count it.</summary>
    public long BytesTaken { get; set; }

    /// <summary>The bytes of each write.</summary>
    public IReadOnlyCollection<int> Writes => writes;

    /// <summary>The ops of all frames.</summary>
    public IReadOnlyList<string> Ops => [.. Frames.Select(frame => frame.GetProperty("op").GetString()!)];

    /// <summary>All frames.</summary>
    public IReadOnlyList<JsonElement> Frames => [.. frames.Select(text => JsonDocument.Parse(text).RootElement)];

    /// <summary>From here on it takes nothing, until <see cref="Take"/>.</summary>
    public void Hang() => held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>It takes what is written again.</summary>
    public void Take()
    {
        var hung = held!;
        held = null;
        hung.SetResult();
    }

    public ValueTask SendAsync(FrameBatch batch)
    {
        writes.Enqueue(batch.Bytes);
        for (var index = 0; index < batch.Count; index++)
        {
            frames.Enqueue(Encoding.UTF8.GetString(batch[index].Span));
        }

        return held is null ? ValueTask.CompletedTask : new ValueTask(held.Task);
    }

    public void Close(int code, string reason) => ClosedWith = code;
}
