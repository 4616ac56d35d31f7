using System.Collections.Concurrent;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Telemetry;

/// <summary>The numbers of this node's clients. Any thread may call.</summary>
public sealed class ClientMetrics
{
    private static readonly string[] Kinds =
        [.. Enum.GetValues<FrameKind>().Select(kind => kind.ToString().ToLowerInvariant())];

    private static readonly string[] Paths =
        [.. Enum.GetValues<ClientPath>().Select(path => path.ToString().ToLowerInvariant())];

    private readonly ConcurrentDictionary<string, FeedClients> feeds = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SlowSocket> stuck = new(StringComparer.Ordinal);
    private readonly long[] frames = new long[Kinds.Length];
    private readonly long[] bytes = new long[Paths.Length];
    private long clients;
    private long subscriptions;
    private long slow;
    private long closedSlow;
    private long polls;

    /// <summary>A client has connected.</summary>
    public void Came() => Interlocked.Increment(ref clients);

    /// <summary>A client is gone; what it watched has been taken off.</summary>
    public void Went() => Interlocked.Decrement(ref clients);

    /// <summary>Those that watch something of a feed, which exists.</summary>
    public FeedClients Of(string feed) => feeds.GetOrAdd(feed, static _ => new FeedClients());

    /// <summary>Clients watch so many more keys and collections of a feed, or fewer.</summary>
    public void Subscribed(string feed, int more)
    {
        Interlocked.Add(ref subscriptions, more);
        Of(feed).Subscribed(more);
    }

    /// <summary>Frames were written.</summary>
    /// <param name="counts">How many of each <see cref="FrameKind"/>.</param>
    /// <param name="frameBytes">Their bytes.</param>
    /// <param name="path">Which way they went.</param>
    public void Sent(ReadOnlySpan<int> counts, int frameBytes, ClientPath path)
    {
        for (var kind = 0; kind < counts.Length; kind++)
        {
            if (counts[kind] > 0)
            {
                Interlocked.Add(ref frames[kind], counts[kind]);
            }
        }

        Interlocked.Add(ref bytes[(int)path], frameBytes);
    }

    /// <summary>A client's socket takes nothing, or takes something again.</summary>
    public void Slow(int more) => Interlocked.Add(ref slow, more);

    /// <summary>A client was closed because its socket took nothing for too long.</summary>
    public void ClosedSlow() => Interlocked.Increment(ref closedSlow);

    /// <summary>A client's write waits for its socket; told once, and again when the client watches other
    /// feeds.</summary>
    public void Stuck(string id, SlowSocket socket) => stuck[id] = socket;

    /// <summary>The client's socket takes something again, or is gone.</summary>
    public void Unstuck(string id) => stuck.TryRemove(id, out _);

    /// <summary>So many more long polls are held, or fewer.</summary>
    /// <returns>How many are.</returns>
    public long Polls(int more) => Interlocked.Add(ref polls, more);

    /// <summary>Those of a feed's clients whose writes have waited longest, the longest first.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="now">Unix ms.</param>
    /// <param name="most">How many.</param>
    public IReadOnlyList<SlowClient> SlowestOf(string feed, long now, int most) =>
        [.. stuck.Where(client => client.Value.Feeds.Contains(feed))
            .OrderBy(client => client.Value.Since).ThenBy(client => client.Key, StringComparer.Ordinal).Take(most)
            .Select(client => new SlowClient(
                client.Key, Paths[(int)client.Value.Path], Math.Max(0, now - client.Value.Since),
                client.Value.Feeds))];

    internal double LongPolls => Interlocked.Read(ref polls);

    internal double Clients => Interlocked.Read(ref clients);

    internal double Subscriptions => Interlocked.Read(ref subscriptions);

    internal double SlowClients => Interlocked.Read(ref slow);

    internal double ClosedSlowTotal => Interlocked.Read(ref closedSlow);

    internal IEnumerable<(string First, string Second, double Value)> ReadFrames() =>
        Kinds.Select((kind, index) => (kind, "", (double)Interlocked.Read(ref frames[index])))
            .OrderBy(series => series.kind, StringComparer.Ordinal);

    internal IEnumerable<(string First, string Second, double Value)> ReadBytes() =>
        Paths.Select((path, index) => (path, "", (double)Interlocked.Read(ref bytes[index])))
            .OrderBy(series => series.path, StringComparer.Ordinal);
}
