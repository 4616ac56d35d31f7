using System.Text.Json.Nodes;

namespace AkkaFeeds.Tests.Harness.Frames;

/// <summary>
/// One client of the model, both ends of its connection: everything between them goes into the recording.
/// </summary>
internal sealed class ModelClient(int client, ModelServer server, List<FrameEvent> events)
{
    private const int MarksEveryMs = 500;

    private readonly Dictionary<string, long> held = [];
    private readonly Dictionary<string, JsonObject> positions = [];
    private readonly Dictionary<string, long> pushed = [];
    private int connection;
    private int rowsHeld;
    private long rowsPushed;
    private long mark;
    private long markedAt;
    private long? answerAt;
    private long beatAt;

    /// <summary>Asks for one key at most every so often; the others as they come.</summary>
    public const string SlowKey = "K1";

    private long Now => server.UnixMs;

    private bool IsHeldBack => answerAt is not null && Now - markedAt > MarksEveryMs;

    /// <summary>Connects, and subscribes to all: resumed where the server still knows what is held.</summary>
    public void Open(bool rebuilding)
    {
        events.Add(new(Now, client, ++connection, FrameEventKind.Opened, ""));
        Receive("welcome", new()
        {
            ["session"] = $"s{client}.{connection}", ["now"] = Now,
            ["limits"] = new JsonObject { ["subscriptions"] = 128, ["frameBytes"] = 16_384 },
        });
        beatAt = Now;
        (mark, markedAt, answerAt) = (0, Now, null);
        pushed.Clear();
        Send(new() { ["op"] = "hello", ["marks"] = true });
        foreach (var key in server.Keys)
        {
            Subscribe(key, rebuilding);
        }

        Progress();
        Send(new()
        {
            ["op"] = "subscribe", ["feed"] = ModelServer.Feed, ["keys"] = "*", ["id"] = "t1", ["sort"] = "-n",
            ["limit"] = ModelRows.Limit,
        });
        Receive(server.Rows.Whole());
        rowsHeld = server.Rows.Version;
        rowsPushed = Now;
    }

    /// <summary>The connection is lost, or the server takes it away.</summary>
    public void Close(bool isByServer)
    {
        if (isByServer)
        {
            Receive("bye", new() { ["code"] = 1001, ["reason"] = "going away", ["retryAfter"] = 1 });
        }

        events.Add(new(Now, client, connection, FrameEventKind.Closed, ""));
    }

    /// <summary>Leaves a key and comes back to it, and asks whether anybody is there.</summary>
    public void Turn(ModelKey key)
    {
        if (IsHeldBack)
        {
            return;
        }

        var named = new JsonObject { ["op"] = "unsubscribe", ["feed"] = ModelServer.Feed, ["key"] = key.Name };
        Send(named);
        Receive("unsubscribed", Named(key));
        Subscribe(key, rebuilding: false, fresh: true);
        Send(new() { ["op"] = "ping", ["t"] = Now });
        Receive("pong", new() { ["t"] = Now, ["now"] = Now });
    }

    public void State(ModelKey key, JsonObject state)
    {
        var frame = Named(key);
        foreach (var (name, value) in state)
        {
            frame[name] = value?.DeepClone();
        }

        Receive("state", frame);
    }

    public void Notice(ModelKey key, string id)
    {
        var frame = Named(key);
        frame["name"] = "many";
        frame["id"] = id;
        frame["at"] = Now;
        frame["data"] = key.View.DeepClone();
        Receive("notice", frame);
    }

    /// <summary>Time has passed: what is due is answered and sent.</summary>
    public void Flush(Random random, bool isDue, bool isLast)
    {
        if (answerAt <= Now || (isLast && answerAt is not null))
        {
            Send(new() { ["op"] = "rendered", ["mark"] = mark, ["at"] = Now });
            answerAt = null;
        }

        if (Now - beatAt >= 1_000)
        {
            Progress();
        }

        if (IsHeldBack)
        {
            return;
        }

        if (isDue)
        {
            Push();
        }

        if (answerAt is null && Now - markedAt >= MarksEveryMs)
        {
            Receive("mark", new() { ["mark"] = ++mark });
            markedAt = Now;
            answerAt = Now + random.Next(20, 1_500);
        }
    }

    private void Push()
    {
        foreach (var key in server.Keys.Where(key => key.Version > held[key.Name]))
        {
            if (key.Name == SlowKey && Now - pushed.GetValueOrDefault(key.Name) < 1_000)
            {
                continue;
            }

            pushed[key.Name] = Now;
            if (held[key.Name] == 0)
            {
                Snapshot(key, "resync");
                continue;
            }

            var frame = Named(key);
            frame["epoch"] = server.Epoch;
            frame["base"] = held[key.Name];
            frame["version"] = key.Version;
            frame["data"] = key.PatchFrom(held[key.Name]);
            frame["at"] = key.At;
            frame["pos"] = key.Positions;
            Hold(key);
            Receive("delta", frame);
        }

        if (server.Rows.Version > rowsHeld && Now - rowsPushed >= 250)
        {
            Receive(server.Rows.From(rowsHeld));
            rowsHeld = server.Rows.Version;
            rowsPushed = Now;
        }
    }

    private void Subscribe(ModelKey key, bool rebuilding, bool fresh = false)
    {
        var frame = Named(key);
        frame["op"] = "subscribe";
        if (key.Name == SlowKey)
        {
            frame["maxRate"] = 1;
            frame["fields"] = new JsonArray("n", "f0", "f1", "f2");
        }

        var resumes = !fresh && held.GetValueOrDefault(key.Name) > 0;
        if (resumes)
        {
            frame["resume"] = new JsonObject
            {
                ["epoch"] = server.EpochOf(client), ["version"] = held[key.Name],
                ["pos"] = positions[key.Name].DeepClone(),
            };
        }

        Send(frame);
        pushed[key.Name] = Now;
        if (rebuilding)
        {
            State(key, ModelServer.Rebuilding(Now));
        }

        if (resumes && !rebuilding)
        {
            var resumed = Named(key);
            resumed["epoch"] = server.Epoch;
            resumed["version"] = held[key.Name];
            Receive("resumed", resumed);
        }
        else
        {
            Snapshot(key, rebuilding && resumes ? "recovery" : "subscribe");
        }
    }

    private void Snapshot(ModelKey key, string cause)
    {
        var frame = Named(key);
        frame["epoch"] = server.Epoch;
        frame["version"] = key.Version;
        frame["data"] = key.Version == 0 ? null : key.View.DeepClone();
        frame["state"] = key.Version == 0 ? "blank" : "live";
        frame["at"] = key.At;
        frame["pos"] = key.Positions;
        frame["cause"] = cause;
        Hold(key);
        Receive("snapshot", frame);
    }

    private void Hold(ModelKey key)
    {
        held[key.Name] = key.Version;
        positions[key.Name] = key.Positions;
    }

    private void Progress()
    {
        beatAt = Now;
        Receive("progress", new()
        {
            ["feeds"] = new JsonObject { [ModelServer.Feed] = new JsonObject { ["at"] = Now, ["state"] = "live" } },
            ["now"] = Now,
        });
    }

    private static JsonObject Named(ModelKey key) => new() { ["feed"] = ModelServer.Feed, ["key"] = key.Name };

    private void Receive(string op, JsonObject members)
    {
        var frame = new JsonObject { ["op"] = op };
        foreach (var (name, value) in members)
        {
            frame[name] = value?.DeepClone();
        }

        Receive(frame);
    }

    private void Receive(JsonObject frame) =>
        events.Add(new(Now, client, connection, FrameEventKind.Received, frame.ToJsonString()));

    private void Send(JsonObject frame) =>
        events.Add(new(Now, client, connection, FrameEventKind.Sent, frame.ToJsonString()));
}
