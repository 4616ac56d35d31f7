using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Cluster;

/// <summary>A client of one node that watches all keys; the checker reads each frame.</summary>
internal sealed class ClusterViewer : IAsyncDisposable
{
    private readonly Dictionary<string, TimeSpan> changedAt = [];
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly Lock gate = new();
    private readonly RecordedSocket socket;
    private readonly Task<int?> reading;
    private TimeSpan longest;

    private ClusterViewer(RecordedSocket socket, FrameChecker checker)
    {
        this.socket = socket;
        Checker = checker;
        reading = socket.ReadAsync(Came);
    }

    public FrameChecker Checker { get; }

    /// <summary>The last word of the server: code and retryAfter.</summary>
    public (int Code, long RetryAfter)? Bye { get; private set; }

    /// <summary>The longest time that a key stood still since this was last asked for.</summary>
    public TimeSpan TakeLongestGap()
    {
        lock (gate)
        {
            var found = changedAt.Values.Select(at => watch.Elapsed - at).Append(longest).Max();
            longest = TimeSpan.Zero;
            return found;
        }
    }

    public static async Task<ClusterViewer> ConnectAsync(ClusterNode node, ViewRegister register)
    {
        var checker = new FrameChecker(
            node.Name, new FrameRules { Slack = TimeSpan.FromSeconds(5), ReadLag = TimeSpan.FromSeconds(5) },
            register);
        var socket = await RecordedSocket.ConnectAsync(
            node.Http, 1, checker, bytesPerSecond: null, TimeSpan.FromSeconds(5));
        Assert.True(socket is not null, $"{node.Name} refuses a WebSocket\n{node.Server.Process.Tail}");
        var viewer = new ClusterViewer(socket, checker);
        foreach (var key in ClusterRun.Keys)
        {
            await socket.SendAsync(new() { ["op"] = "subscribe", ["feed"] = FlightsFeed.Name, ["key"] = key });
        }

        return viewer;
    }

    /// <summary>Waits until the client holds so many departures of each key, and each is live.</summary>
    public Task UntilRightAsync(IReadOnlyDictionary<string, long> wanted, TimeSpan limit) => Waiting.ForAsync(
        () => Task.FromResult(Holds(wanted) ? this : null), $"all keys live and right at {Checker}", limit,
        TimeSpan.FromMilliseconds(50));

    /// <summary>Waits until the client holds a view of each key, whatever its state.</summary>
    public Task UntilWholeAsync(TimeSpan limit) => Waiting.ForAsync(
        () => Task.FromResult(CountHeld() == ClusterRun.KeyCount ? this : null), $"a view of all keys at {Checker}",
        limit, TimeSpan.FromMilliseconds(10));

    /// <summary>Waits until the server has ended the connection; gives its close code.</summary>
    public Task<int?> EndedAsync(TimeSpan limit) => reading.WaitAsync(limit);

    public async ValueTask DisposeAsync()
    {
        await socket.DisposeAsync();
        await reading;
    }

    private int CountHeld()
    {
        lock (gate)
        {
            return changedAt.Count;
        }
    }

    private bool Holds(IReadOnlyDictionary<string, long> wanted)
    {
        var held = Checker.Keys;
        return held.Count == wanted.Count && held.All(key => key.State == "live"
            && JsonNode.Parse(key.View) is JsonObject view && (long)view["departures"]! == wanted[key.Key]);
    }

    private void Came(string text)
    {
        using var frame = JsonDocument.Parse(text);
        var root = frame.RootElement;
        switch (root.GetProperty("op").GetString())
        {
            case "snapshot" or "delta":
                lock (gate)
                {
                    var key = root.GetProperty("key").GetString()!;
                    var now = watch.Elapsed;
                    longest = changedAt.TryGetValue(key, out var at) && now - at > longest ? now - at : longest;
                    changedAt[key] = now;
                }

                break;
            case "bye":
                Bye = (root.GetProperty("code").GetInt32(), root.GetProperty("retryAfter").GetInt64());
                break;
        }
    }
}
