namespace AkkaFeeds.Telemetry;

/// <summary>The clients of this node that watch something of one feed. Any thread may call.</summary>
public sealed class FeedClients
{
    private long connections;
    private long subscriptions;
    private long slow;

    /// <summary>How many clients watch the feed.</summary>
    public long Connections => Interlocked.Read(ref connections);

    /// <summary>How many of its keys and collections they watch.</summary>
    public long Subscriptions => Interlocked.Read(ref subscriptions);

    /// <summary>How many of them have a socket that takes nothing.</summary>
    public long Slow => Interlocked.Read(ref slow);

    /// <summary>A client begins to watch the feed (1), or watches nothing of it any more (-1).</summary>
    /// <param name="more">Which of them.</param>
    /// <param name="isSlow">Whether its socket takes nothing.</param>
    public void Watched(int more, bool isSlow)
    {
        Interlocked.Add(ref connections, more);
        SlowBy(isSlow ? more : 0);
    }

    /// <summary>Clients watch so many more keys and collections of it, or fewer.</summary>
    public void Subscribed(int more) => Interlocked.Add(ref subscriptions, more);

    /// <summary>The socket of a client that watches it takes nothing (1), or takes something again (-1).</summary>
    public void SlowBy(int more) => Interlocked.Add(ref slow, more);
}
