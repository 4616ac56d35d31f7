using System.Text.Json;

namespace AkkaFeeds.Harness;

/// <summary>The heartbeat of one connection: each second, and at once behind the first snapshot of a feed.</summary>
internal sealed class ProgressCheck(FrameContext context, long openedUnixMs)
{
    private readonly Dictionary<string, long> awaited = [];
    private readonly HashSet<string> told = [];
    private readonly Queue<string> pings = new();
    private long lastUnixMs = openedUnixMs;
    private long lastNow;

    /// <summary>Whether a ping is unanswered.</summary>
    public bool IsOwed => pings.Count > 0;

    public void Ping(JsonElement frame) =>
        pings.Enqueue(frame.TryGetProperty("t", out var t) ? HeldView.Canonical(t) : "");

    public void Pong(JsonElement frame)
    {
        Beat(frame.GetProperty("now").GetInt64());
        if (!frame.TryGetProperty("t", out var t))
        {
            // A ping without `t` gets a pong without; so does a connection that watches nothing, each second.
            if (pings.TryPeek(out var first) && first.Length == 0)
            {
                pings.Dequeue();
            }
        }
        else if (!pings.TryDequeue(out var asked) || asked != HeldView.Canonical(t))
        {
            context.Report("pong", $"t is {t}, but {asked ?? "nothing"} was asked");
        }
    }

    /// <summary>A snapshot of a feed came.</summary>
    public void Snapshot(string feed)
    {
        if (!told.Contains(feed))
        {
            awaited.TryAdd(feed, context.UnixMs);
        }
    }

    public void Unwatched(string feed) => awaited.Remove(feed);

    public void Progress(JsonElement frame, IReadOnlyCollection<string> watched)
    {
        var now = frame.GetProperty("now").GetInt64();
        var feeds = frame.GetProperty("feeds");
        Beat(now);
        foreach (var feed in watched.Where(feed => !feeds.TryGetProperty(feed, out _)))
        {
            context.Report("progress", $"{feed} is watched, but progress does not name it");
        }

        foreach (var feed in feeds.EnumerateObject())
        {
            told.Add(feed.Name);
            if (awaited.Remove(feed.Name, out var since))
            {
                Behind(feed.Name, since);
            }

            var ahead = feed.Value.GetProperty("at").GetInt64() - now;
            if (ahead > context.Rules.Slack.TotalMilliseconds)
            {
                context.Report("age", $"{feed.Name} was read up to {ahead} ms from now");
            }
        }
    }

    private void Behind(string feed, long since)
    {
        var late = context.UnixMs - since;
        if (context.Rules.ReadLag is { } lag && late > (lag + context.Rules.Slack).TotalMilliseconds)
        {
            context.Report("progress", $"{late} ms behind the first snapshot of {feed}");
        }
    }

    private void Beat(long now)
    {
        var most = (context.Rules.ProgressEvery + context.Rules.Slack).TotalMilliseconds;
        if (context.Rules.ReadLag is { } lag && context.UnixMs - lastUnixMs > most + lag.TotalMilliseconds)
        {
            context.Report("progress", $"nothing for {context.UnixMs - lastUnixMs} ms");
        }

        if (now < lastNow - context.Rules.Slack.TotalMilliseconds)
        {
            context.Report("progress", $"now is {now}, after {lastNow}");
        }

        lastUnixMs = context.UnixMs;
        lastNow = Math.Max(lastNow, now);
    }
}
