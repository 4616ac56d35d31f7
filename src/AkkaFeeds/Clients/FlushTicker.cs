using System.Collections.Concurrent;
using Akka.Actor;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Clients;

/// <summary>
/// The one clock of all clients of a node: wakes the busy ones together, so that what changed meanwhile is one write,
/// and tells each of them the second. A timer a client would cost more than most of them send.
/// </summary>
/// <param name="every">The time between two flushes of a busy client.</param>
/// <param name="clock">The clock.</param>
/// <param name="progress">How far the feeds are.</param>
internal sealed class FlushTicker(TimeSpan every, TimeProvider clock, IFeedProgress progress) : IDisposable
{
    private readonly ConcurrentQueue<IActorRef> waiting = new();
    private readonly ConcurrentDictionary<IActorRef, byte> clients = new();
    private readonly ConcurrentDictionary<string, byte[]> frames = new(StringComparer.Ordinal);
    private ITimer? flushes;
    private ITimer? seconds;

    /// <summary>Begins.</summary>
    public void Start()
    {
        flushes = clock.CreateTimer(_ => Wake(), null, every, every);
        seconds = clock.CreateTimer(_ => TellSecond(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>Wakes a client with the next flush.</summary>
    public void WakeLater(IActorRef client) => waiting.Enqueue(client);

    /// <summary>Tells a client every second.</summary>
    public void Add(IActorRef client) => clients.TryAdd(client, 0);

    /// <summary>Does so no more.</summary>
    public void Remove(IActorRef client) => clients.TryRemove(client, out _);

    /// <summary>
    /// The progress frame of these feeds. Those who watch the same share what it says of the feeds for a second; its
    /// `now` is each one's own, because clients measure the server's clock by it.
    /// </summary>
    /// <param name="names">The feeds' names with a space between them.</param>
    public ReadOnlySpan<byte> Progress(string names) => ControlFrames.Progress(
        frames.GetOrAdd(names, key => ControlFrames.ProgressOf(key.Split(' '), progress)),
        clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <inheritdoc/>
    public void Dispose()
    {
        flushes?.Dispose();
        seconds?.Dispose();
    }

    private void Wake()
    {
        for (var count = waiting.Count; count > 0 && waiting.TryDequeue(out var client); count--)
        {
            client.Tell(ClientActor.Flush.Instance);
        }
    }

    private void TellSecond()
    {
        frames.Clear();
        foreach (var client in clients.Keys)
        {
            client.Tell(ClientActor.Second.Instance);
        }
    }
}
