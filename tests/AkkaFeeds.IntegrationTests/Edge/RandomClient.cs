using System.Text.Json.Nodes;
using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>One logical client that does as it pleases, within the protocol, for as long as it is let.</summary>
internal sealed class RandomClient(int number, int seed, Uri http, ViewRegister register, FrameSchema schema)
    : IAsyncDisposable
{
    private const int KeysMax = 60;
    private const int KeysAtFirst = 40;

    // Processes of a busy machine are left standing for seconds; 10 s without a frame is an end for the client too.
    private static readonly TimeSpan ReadLag = TimeSpan.FromSeconds(8);

    private readonly Random random = new(seed);
    private readonly bool answersMarks = number % 3 > 0;
    private readonly bool answersLate = number % 6 == 1;
    private readonly Dictionary<(string Feed, string Key), string[]?> keys = [];
    private readonly HashSet<string> collections = [];
    private RecordedSocket? socket;
    private Task<int?>? reading;
    private int connections;
    private bool isOver;

    public FrameChecker Checker { get; } = new(
        $"client {number}", new() { Slack = TimeSpan.FromSeconds(1), Burst = 24, Schema = schema }, register);

    /// <summary>Whether it reads only so many bytes a second.</summary>
    public bool IsSlow => number % 6 == 0;

    public int Connections => connections;

    /// <summary>How often each close code came; 0 where the connection just broke.</summary>
    public SortedDictionary<int, int> Closes { get; } = [];

    /// <summary>Acts until it is told to stop; then it stays connected and holds what it has subscribed.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (keys.Count < KeysAtFirst)
        {
            _ = NewKey();
        }

        try
        {
            while (!stop.IsCancellationRequested)
            {
                await Waiting.PauseAsync(TimeSpan.FromMilliseconds(random.Next(10, 250)), stop);
                if (await IsConnectedAsync())
                {
                    await ActAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It was told to stop.
        }

        isOver = true;
        socket?.ReadFast();
    }

    /// <summary>Connects again where that is needed; for the end, when all has to come to rest.</summary>
    public Task<bool> RestAsync() => IsConnectedAsync();

    public async ValueTask DisposeAsync()
    {
        if (socket is not null)
        {
            await socket.DisposeAsync();
        }

        if (reading is not null)
        {
            await reading;
        }
    }

    private async Task<bool> IsConnectedAsync()
    {
        if (reading is { IsCompleted: false })
        {
            return true;
        }

        if (reading is not null)
        {
            var code = await reading ?? 0;
            Closes[code] = Closes.GetValueOrDefault(code) + 1;
            await socket!.DisposeAsync();
            (socket, reading) = (null, null);
        }

        var isSlow = IsSlow && !isOver;
        var next = await RecordedSocket.ConnectAsync(
            http, ++connections, Checker, isSlow ? 30_000 : null, isSlow ? null : ReadLag);
        if (next is null)
        {
            return false;
        }

        socket = next;
        reading = next.ReadAsync(text => Came(next, text));
        await ComeBackAsync(next);
        return true;
    }

    // What it has it gives back; now and then it has forgotten, as a page that is loaded again.
    private async Task ComeBackAsync(RecordedSocket on)
    {
        if (answersMarks)
        {
            await on.SendAsync(new() { ["op"] = "hello", ["marks"] = true });
        }

        var forgets = !isOver && random.Next(5) == 0;
        var held = Checker.Keys.ToDictionary(key => (key.Feed, key.Key));
        foreach (var ((feed, key), fields) in keys)
        {
            var frame = Subscribe(feed, key, fields);
            if (!forgets && held.TryGetValue((feed, key), out var with) && with.Version > 0
                && with.Fields == FieldsText(fields))
            {
                frame["resume"] = new JsonObject
                {
                    ["epoch"] = with.Epoch, ["version"] = with.Version,
                    ["pos"] = new JsonObject(with.Positions.Select(each =>
                        KeyValuePair.Create(each.Key, (JsonNode?)each.Value))),
                };
            }

            await on.SendAsync(frame);
        }

        foreach (var id in collections)
        {
            await on.SendAsync(Collection(id));
        }
    }

    private async Task ActAsync()
    {
        var on = socket!;
        switch (random.Next(40))
        {
            case < 16 when keys.Count < KeysMax:
                await on.SendAsync(NewKey());
                break;
            case < 20 when keys.Count > 20:
                await on.SendAsync(Leave());
                break;
            case < 24 when keys.Count > 0:
                var (feed, key) = keys.Keys.ElementAt(random.Next(keys.Count));
                keys[(feed, key)] = Selection(feed);
                await on.SendAsync(WithRate(Subscribe(feed, key, keys[(feed, key)])));
                break;
            case < 27:
                var id = $"q{random.Next(SmallFeed.Queries.Length)}";
                collections.Add(id);
                await on.SendAsync(Collection(id));
                break;
            case 27 when collections.Count > 1:
                var left = collections.ElementAt(random.Next(collections.Count));
                collections.Remove(left);
                await on.SendAsync(new() { ["op"] = "unsubscribe", ["feed"] = SmallFeed.Name, ["id"] = left });
                break;
            case < 32:
                await on.SendAsync(new() { ["op"] = "ping", ["t"] = random.Next(1_000) });
                break;
            case 32:
                await on.SendAsync(new() { ["op"] = "subscribe", ["feed"] = "no-such-feed", ["key"] = "K" });
                break;
            case 33:
                await on.SendAsync(new()
                {
                    ["op"] = "subscribe", ["feed"] = SmallFeed.Name, ["key"] = "K-other",
                    ["fields"] = new JsonArray("no-such-field"),
                });
                break;
            case 34 when random.Next(3) == 0:
                on.Abort();
                break;
            case 35 when random.Next(3) == 0:
                await on.CloseAsync();
                break;
        }
    }

    private JsonObject NewKey()
    {
        var feed = random.Next(4) == 0 ? SmallFeed.Raw : SmallFeed.Name;
        var key = random.Next(40) == 0 ? $"blank{random.Next(5)}" : SmallFeed.KeyOf(random.Next(SmallFeed.Keys));
        keys[(feed, key)] = Selection(feed);
        return WithRate(Subscribe(feed, key, keys[(feed, key)]));
    }

    private JsonObject Leave()
    {
        var (feed, key) = keys.Keys.ElementAt(random.Next(keys.Count));
        keys.Remove((feed, key));
        return new() { ["op"] = "unsubscribe", ["feed"] = feed, ["key"] = key };
    }

    private string[]? Selection(string feed) =>
        feed == SmallFeed.Raw ? null : SmallFeed.Selections[random.Next(SmallFeed.Selections.Length)];

    private JsonObject WithRate(JsonObject frame)
    {
        if (random.Next(5) == 0)
        {
            frame["maxRate"] = random.Next(1, 10);
        }

        return frame;
    }

    private static JsonObject Subscribe(string feed, string key, string[]? fields)
    {
        var frame = new JsonObject { ["op"] = "subscribe", ["feed"] = feed, ["key"] = key };
        if (fields is not null)
        {
            frame["fields"] = new JsonArray([.. fields.Select(field => (JsonNode)field)]);
        }

        return frame;
    }

    private static JsonObject Collection(string id)
    {
        var frame = new JsonObject { ["op"] = "subscribe", ["feed"] = SmallFeed.Name, ["keys"] = "*", ["id"] = id };
        foreach (var (name, value) in SmallFeed.Queries[int.Parse(id[1..])])
        {
            frame[name] = value?.DeepClone();
        }

        return frame;
    }

    private static string FieldsText(string[]? fields) =>
        fields is null ? "*" : string.Join(',', fields.Order(StringComparer.Ordinal));

    private void Came(RecordedSocket on, string text)
    {
        if (answersMarks && text.StartsWith("{\"op\":\"mark\"", StringComparison.Ordinal))
        {
            var delayMs = !isOver && answersLate ? Random.Shared.Next(2_500) : Random.Shared.Next(40);
            _ = AnswerAsync(on, (long)JsonNode.Parse(text)!["mark"]!, TimeSpan.FromMilliseconds(delayMs));
        }
    }

    private static async Task AnswerAsync(RecordedSocket on, long mark, TimeSpan after)
    {
        await Waiting.PauseAsync(after);
        var frame = new JsonObject { ["op"] = "rendered", ["mark"] = mark };
        if (mark % 3 > 0)
        {
            frame["at"] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        }

        await on.SendAsync(frame);
    }
}
