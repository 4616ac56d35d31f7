using System.Text.Json.Nodes;

namespace AkkaFeeds.Tests.Harness.Frames;

/// <summary>
/// A small server that keeps to the protocol, written apart from the real one, and the recording of its clients: views
/// that change their shape, conflation, marks, a lost connection, a recovery.
/// </summary>
internal sealed class ModelServer
{
    public const string Feed = "small";
    private const int StepMs = 20;
    private const int Steps = 400;

    private readonly List<FrameEvent> events = [];
    private readonly Dictionary<int, string> epochs = [];
    private readonly List<ModelClient> clients;
    private readonly Random random;
    private int notices;

    private ModelServer(int seed)
    {
        random = new(seed);
        clients = [new(0, this, events), new(1, this, events)];
    }

    public long UnixMs { get; private set; } = 1_764_000_000_000;

    public string Epoch { get; private set; } = "t1.a";

    public IReadOnlyList<ModelKey> Keys { get; } =
        [.. Enumerable.Range(0, 6).Select(index => new ModelKey($"K{index}", index % 2))];

    public ModelRows Rows { get; } = new();

    /// <summary>The epoch that a client holds.</summary>
    public string EpochOf(int client) => epochs.GetValueOrDefault(client, Epoch);

    /// <summary>Which connection of a client is open at the end.</summary>
    public static int LastConnection(int client) => client == 0 ? 4 : 2;

    /// <summary>A whole run.</summary>
    public static List<FrameEvent> Record(int seed)
    {
        var server = new ModelServer(seed);
        server.Run();
        return server.events;
    }

    public static JsonObject Rebuilding(long unixMs) => new()
    {
        ["state"] = "rebuilding", ["reason"] = "recovering", ["since"] = unixMs, ["progress"] = 0.5,
    };

    private void Run()
    {
        foreach (var key in Keys.SkipLast(1))
        {
            key.Fold(random, UnixMs);
        }

        string? stale = null;
        Rows.Take(Keys, stale);
        clients.ForEach(client => client.Open(rebuilding: false));
        for (var step = 1; step <= Steps; step++)
        {
            UnixMs += StepMs;
            foreach (var key in Keys.Where(key => random.Next(key.Version == 0 ? 200 : 6) == 0))
            {
                key.Fold(random, UnixMs);
            }

            stale = Freshness(stale, step);
            Rows.Take(Keys, stale);
            Events(step);
            Flush();
        }

        foreach (var key in Keys.Where(key => key.Version == 0))
        {
            key.Fold(random, UnixMs);
        }

        Rows.Take(Keys, stale);
        for (var step = 0; step < 1_000 / StepMs; step++)
        {
            UnixMs += StepMs;
            Flush();
        }

        clients.ForEach(client => client.Flush(random, isDue: true, isLast: true));
    }

    // Often both at once, so that they hold the same versions and can be compared.
    private void Flush()
    {
        var areBothDue = random.Next(2) == 0;
        clients.ForEach(client => client.Flush(random, areBothDue || random.Next(2) == 0, isLast: false));
    }

    private string? Freshness(string? stale, int step)
    {
        if (step % 50 != 0)
        {
            return stale;
        }

        var key = Keys[0];
        var next = stale is null ? key.Name : null;
        JsonObject state = next is null ? new() { ["state"] = "live" } : new()
        {
            ["state"] = "stale", ["reason"] = "source-unreachable", ["since"] = UnixMs,
            ["missing"] = new JsonArray("small/0"),
        };
        clients.ForEach(client => client.State(key, state));
        return next;
    }

    private void Events(int step)
    {
        if (step % 40 == 0)
        {
            clients[random.Next(2)].Turn(Keys[2]);
        }

        if (step % 60 == 0)
        {
            notices++;
            clients.ForEach(client => client.Notice(Keys[3], $"n{notices}"));
        }

        if (step % 150 == 0)
        {
            clients[0].Close(isByServer: false);
            clients[0].Open(rebuilding: false);
        }

        if (step == Steps / 2)
        {
            clients.ForEach(client => client.Close(isByServer: true));
            epochs[0] = epochs[1] = Epoch;
            Epoch = "t1.b";
            clients.ForEach(client => client.Open(rebuilding: true));
            epochs.Clear();
        }
    }
}
