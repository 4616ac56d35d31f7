using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaFeeds.Chaos.Traffic;
using AkkaFeeds.Chaos.World;
using AkkaFeeds.Harness;
using AkkaFeeds.LogOracle;

namespace AkkaFeeds.Chaos.Viewers;

/// <summary>
/// A client that behaves as the browser's does: it answers marks, resumes with what it holds, shows everything stale
/// when it has heard nothing for 2.5 s, and connects anew after 10 s and with jitter. Each frame goes into the
/// history.
/// </summary>
internal sealed class RecordingClient : IAsyncDisposable
{
    private static readonly TimeSpan QuietAfter = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan DeadAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CheckEvery = TimeSpan.FromMilliseconds(250);

    // The browser's client waits up to 20 s; here that would measure its patience and not the servers.
    private const int RetryMaxMs = 1_000;
    private const int RetryFirstMs = 250;

    private readonly IReadOnlyList<ChaosNode> edges;
    private readonly HistoryFile history;
    private readonly Random random;
    private readonly int fastKeys;
    private readonly CancellationTokenSource stop = new();
    private readonly Task running;
    private readonly Task watching;
    private volatile RecordedSocket? socket;
    private volatile ChaosNode edge;
    private long heardAt;
    private volatile bool isQuiet;
    private int connection;
    private int attempts;
    private int retryAfterMs;

    /// <summary>Connects, and goes on until it is disposed of.</summary>
    /// <param name="name">The session's name.</param>
    /// <param name="edges">Where it may connect: the next one after each failure.</param>
    /// <param name="history">Takes each frame.</param>
    /// <param name="register">What all clients have held.</param>
    /// <param name="fastKeys">How many keys it watches without a limit of the rate.</param>
    /// <param name="seed">Of its jitter.</param>
    public RecordingClient(
        string name, IReadOnlyList<ChaosNode> edges, HistoryFile history, ViewRegister register, int fastKeys,
        int seed)
    {
        Name = name;
        this.edges = edges;
        this.history = history;
        this.fastKeys = fastKeys;
        random = new Random(seed);
        edge = edges[0];
        Checker = new FrameChecker(name, new FrameRules { Slack = TimeSpan.FromMinutes(1) }, register);
        running = Task.Run(RunAsync);
        watching = Task.Run(WatchAsync);
    }

    public string Name { get; }

    public FrameChecker Checker { get; }

    /// <summary>Where it is, or wants to be.</summary>
    public ChaosNode Edge => edge;

    /// <summary>Whether it may go to another edge.</summary>
    public bool Roams => edges.Count > 1;

    /// <summary>The last word of a server: its code, and when.</summary>
    public int LastBye { get; private set; }

    /// <summary>How many of its subscriptions were resumed.</summary>
    public int Resumed { get; private set; }

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    /// <summary>Breaks off, as a pulled cable does; says whether there was a connection.</summary>
    public bool Cut()
    {
        var now = socket;
        now?.Abort();
        return now is not null;
    }

    /// <summary>What it lacks of what is wanted; null when it holds all of it, live, over a live connection.</summary>
    public string? Difference(IReadOnlyDictionary<(string Key, int Partition), long> wanted)
    {
        if (socket is null || isQuiet)
        {
            return $"{Name} has no connection to {edge.Name}";
        }

        var held = Checker.Keys.ToDictionary(each => each.Key);
        foreach (var ((key, partition), offset) in wanted)
        {
            if (!held.TryGetValue(key, out var view) || !view.IsAnswered || view.State != "live")
            {
                return $"{Name}: {key} is {view?.State ?? "unanswered"} at {edge.Name}";
            }

            if (view.Positions.GetValueOrDefault(partition.ToString(CultureInfo.InvariantCulture), -1) < offset)
            {
                return $"{Name}: {key} at {edge.Name} is before {partition}:{offset}";
            }
        }

        return null;
    }

    /// <summary>What it holds, for the oracle.</summary>
    public IEnumerable<AnswerLine> Answers() => Checker.Keys.Select(each => new AnswerLine(
        AnswerLine.Client, Name, each.Key, each.IsAnswered && !isQuiet ? each.State : "stale", each.Epoch,
        each.Version,
        each.View, PositionsOf(each)));

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        socket?.Abort();
        await running;
        await watching;
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        for (var at = 0; !stop.IsCancellationRequested; at++)
        {
            edge = edges[at % edges.Count];
            var number = ++connection;
            await using var opened = await RecordedSocket.ConnectAsync(
                edge.Edge, number, Checker, bytesPerSecond: null, readLag: null);
            if (opened is not null)
            {
                heardAt = Now;
                isQuiet = false;
                Say("open");
                socket = opened;
                await opened.SendAsync(new JsonObject { ["op"] = "hello", ["marks"] = true });
                await opened.ReadAsync(text => Came(opened, text));
                socket = null;
                Say("close");
            }

            await PauseAsync();
        }
    }

    private async Task PauseAsync()
    {
        var most = Math.Min(RetryMaxMs, RetryFirstMs << Math.Min(attempts++, 4));
        var wait = retryAfterMs + random.Next(most);
        retryAfterMs = 0;
        try
        {
            await Waiting.PauseAsync(TimeSpan.FromMilliseconds(wait), stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private async Task WatchAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            var silent = TimeSpan.FromMilliseconds(Now - Interlocked.Read(ref heardAt));
            if (socket is { } now && silent >= QuietAfter)
            {
                if (!isQuiet)
                {
                    isQuiet = true;
                    Say("quiet");
                }

                if (silent >= DeadAfter)
                {
                    now.Abort();
                }
            }

            await Waiting.PauseAsync(CheckEvery, CancellationToken.None);
        }
    }

    private void Came(RecordedSocket on, string text)
    {
        Interlocked.Exchange(ref heardAt, Now);
        if (isQuiet)
        {
            isQuiet = false;
            Say("heard");
        }

        using var document = JsonDocument.Parse(text);
        var frame = document.RootElement;
        var op = frame.GetProperty("op").GetString()!;
        switch (op)
        {
            case "welcome":
                attempts = 0;
                Subscribe(on);
                break;
            case "mark":
                var mark = frame.GetProperty("mark").GetInt64();
                _ = on.SendAsync(new JsonObject { ["op"] = "rendered", ["mark"] = mark });
                break;
            case "bye":
                LastBye = frame.GetProperty("code").GetInt32();
                retryAfterMs = frame.TryGetProperty("retryAfter", out var after) ? (int)after.GetInt64() : 0;
                break;
            case "snapshot" or "delta" or "resumed" or "state":
                Resumed += op == "resumed" ? 1 : 0;
                Record(op, frame);
                break;
        }
    }

    private void Subscribe(RecordedSocket on)
    {
        for (var index = 0; index < ChaosFeed.Keys.Count; index++)
        {
            // Each client watches others without a limit, so that together they see every version of every key.
            var key = ChaosFeed.Keys[index];
            var isFast = (index + Name.Length + connection) % ChaosFeed.Keys.Count < fastKeys;
            var subscribe = new JsonObject { ["op"] = "subscribe", ["feed"] = ChaosFeed.Main, ["key"] = key };
            if (!isFast)
            {
                subscribe["maxRate"] = 3;
            }

            if (Checker.Find(ChaosFeed.Main, key) is { Version: > 0 } held)
            {
                subscribe["resume"] = new JsonObject
                {
                    ["epoch"] = held.Epoch,
                    ["version"] = held.Version,
                    ["pos"] = new JsonObject(held.Positions.Select(
                        each => KeyValuePair.Create(each.Key, (JsonNode?)JsonValue.Create(each.Value)))),
                };
            }

            _ = on.SendAsync(subscribe);
        }
    }

    private void Record(string op, JsonElement frame)
    {
        var key = frame.GetProperty("key").GetString()!;
        if (Checker.Find(ChaosFeed.Main, key) is not { } held)
        {
            return;
        }

        // What the frame says, where it says it; else what is held behind it.
        var epoch = frame.TryGetProperty("epoch", out var given) ? given.GetString()! : held.Epoch;
        var version = frame.TryGetProperty("version", out var number) ? number.GetInt64() : held.Version;
        history.Add(new FrameLine(
            Now, Name, connection, edge.Name, op, key, epoch, version,
            frame.TryGetProperty("base", out var from) ? from.GetInt64() : -1, ViewHash.Of(held.View), held.State,
            PositionsOf(held)));
    }

    private void Say(string op) =>
        history.Add(new FrameLine(Now, Name, connection, edge.Name, op, "", "", -1, -1, "", "", []));

    private static IReadOnlyList<(int Partition, long Offset)> PositionsOf(HeldKey held) =>
        [.. held.Positions.Select(each => (int.Parse(each.Key, CultureInfo.InvariantCulture), each.Value))];
}
