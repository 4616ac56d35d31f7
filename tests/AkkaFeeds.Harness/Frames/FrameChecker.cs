using System.Text.Json;

namespace AkkaFeeds.Harness;

/// <summary>
/// Watches one logical client over all its connections, and says where the server broke the protocol
/// <c>akkafeeds.v1</c>. It was written from the protocol's text and knows no code of the server. It reads no clock and
/// does no I/O: everything is told, in order. Safe for a reader and a writer at once.
/// </summary>
public sealed class FrameChecker
{
    private const int ViolationsMax = 50;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly string client;
    private readonly FrameContext context;
    private readonly FrameHistory history = new();
    private readonly Dictionary<(string Feed, string Key), KeyCheck> keys = [];
    private readonly Dictionary<(string Feed, string Id), RowsCheck> rows = [];
    private readonly HashSet<string> notices = [];
    private readonly SortedDictionary<string, long> counts = new(StringComparer.Ordinal);
    private readonly List<FrameViolation> violations = [];
    private readonly Lock gate = new();
    private ConnectionCheck? open;

    /// <summary>Begins to watch a client that has no connection yet.</summary>
    public FrameChecker(string client, FrameRules rules, ViewRegister register)
    {
        this.client = client;
        context = new(client, rules, register, Report);
    }

    /// <summary>The breaches, the first of them; <see cref="ViolationCount"/> has all.</summary>
    public IReadOnlyList<FrameViolation> Violations
    {
        get
        {
            lock (gate)
            {
                return [.. violations];
            }
        }
    }

    /// <summary>How many breaches there were.</summary>
    public long ViolationCount { get; private set; }

    /// <summary>How many frames came, by op.</summary>
    public IReadOnlyDictionary<string, long> Counts
    {
        get
        {
            lock (gate)
            {
                return new SortedDictionary<string, long>(counts, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>What the client holds of its keys.</summary>
    public IReadOnlyList<HeldKey> Keys
    {
        get
        {
            lock (gate)
            {
                return [.. keys.Values.Select(key => key.Held).OfType<HeldKey>()];
            }
        }
    }

    /// <summary>What the client holds of one key; null where it holds nothing.</summary>
    public HeldKey? Find(string feed, string key)
    {
        lock (gate)
        {
            return keys.TryGetValue((feed, key), out var found) ? found.Held : null;
        }
    }

    /// <summary>What the client holds of its collections.</summary>
    public IReadOnlyList<HeldRows> Rows
    {
        get
        {
            lock (gate)
            {
                return [.. rows.Values.Select(each => each.Held).OfType<HeldRows>()];
            }
        }
    }

    /// <summary>A connection is open; the one before, if any, counts as closed.</summary>
    /// <param name="connection">Its number.</param>
    /// <param name="unixMs">Now.</param>
    /// <param name="readLag">How fast the client reads on it; see <see cref="FrameRules.ReadLag"/>.</param>
    public void Opened(int connection, long unixMs, TimeSpan? readLag)
    {
        lock (gate)
        {
            context.UnixMs = unixMs;
            context.Rules = context.Rules with { ReadLag = readLag };
            open = new(connection, context, unixMs);
            foreach (var key in keys.Values)
            {
                key.ConnectionOpened();
            }

            foreach (var each in rows.Values)
            {
                each.ConnectionOpened();
            }
        }
    }

    /// <summary>A frame is about to be sent; said before it is, so that no answer can come first.</summary>
    public void Sent(int connection, string text, long unixMs)
    {
        lock (gate)
        {
            using var document = JsonDocument.Parse(text, Strict);
            var frame = document.RootElement;
            context.UnixMs = unixMs;
            history.Add(unixMs, connection, isSent: true, SubjectOf(frame), text);
            if (open?.Number != connection)
            {
                return;
            }

            switch (frame.GetProperty("op").GetString())
            {
                case "rendered":
                    open.Marks.Answered(frame.GetProperty("mark").GetInt64());
                    break;
                case "ping":
                    open.Progress.Ping(frame);
                    break;
                case "subscribe" or "unsubscribe":
                    if (frame.TryGetProperty("key", out _))
                    {
                        KeyOf(frame).Sent(frame);
                    }
                    else
                    {
                        RowsOf(frame).Sent(frame);
                    }

                    break;
            }
        }
    }

    /// <summary>A frame came.</summary>
    public void Received(int connection, string text, long unixMs)
    {
        lock (gate)
        {
            context.UnixMs = unixMs;
            try
            {
                using var document = JsonDocument.Parse(text, Strict);
                Received(connection, document.RootElement, text);
            }
            catch (JsonException broken)
            {
                history.Add(unixMs, connection, isSent: false, "", text);
                Report("shape", $"not a JSON object: {broken.Message}");
            }
        }
    }

    /// <summary>The connection has ended.</summary>
    /// <param name="connection">Its number.</param>
    /// <param name="code">The close code that the server sent; null where the connection just broke.</param>
    /// <param name="unixMs">Now.</param>
    public void Closed(int connection, int? code, long unixMs)
    {
        lock (gate)
        {
            context.UnixMs = unixMs;
            history.Add(unixMs, connection, isSent: false, "", $"close {code}");
            if (open?.Number == connection)
            {
                open.Closed(code);
                open = null;
            }
        }
    }

    /// <summary>The run is over and all has settled: whatever is owed on the open connection is a breach.</summary>
    public void Finish()
    {
        lock (gate)
        {
            if (open is null)
            {
                return;
            }

            foreach (var owed in keys.Values.Select(key => key.Owed).Concat(rows.Values.Select(each => each.Owed)))
            {
                context.ReportIf("unanswered", owed);
            }

            context.ReportIf("pong", open.Progress.IsOwed ? "a ping is unanswered" : null);
        }
    }

    private void Received(int connection, JsonElement frame, string text)
    {
        history.Add(context.UnixMs, connection, isSent: false, SubjectOf(frame), text);
        var wrong = FrameShapes.Find(frame)
            ?? context.Rules.Schema?.Find($"#/$defs/{frame.GetProperty("op")}", frame);
        if (wrong is not null)
        {
            Report("shape", wrong);
            return;
        }

        var op = frame.GetProperty("op").GetString()!;
        counts[op] = counts.GetValueOrDefault(op) + 1;
        if (open?.Number != connection)
        {
            Report("connection", $"a frame of connection {connection}, which is not open");
        }
        else if (open.MayCome(op, frame))
        {
            Dispatch(open, op, frame);
        }
    }

    private void Dispatch(ConnectionCheck on, string op, JsonElement frame)
    {
        switch (op)
        {
            case "snapshot":
                on.Marks.Data(op);
                KeyOf(frame).Snapshot(frame);
                on.Progress.Snapshot(frame.GetProperty("feed").GetString()!);
                break;
            case "resumed":
                KeyOf(frame).Resumed(frame);
                break;
            case "delta":
                on.Marks.Data(op);
                KeyOf(frame).Delta(frame);
                break;
            case "state":
                KeyOf(frame).StateCame(frame);
                break;
            case "rows":
                on.Marks.Data(op);
                RowsOf(frame).Came(frame);
                break;
            case "notice":
                KeyOf(frame).Notice();
                if (!notices.Add(frame.GetProperty("id").GetString()!))
                {
                    Report("notice", $"{frame.GetProperty("id")} came before");
                }

                break;
            case "progress":
                on.Marks.Clock(frame.GetProperty("now").GetInt64());
                on.Progress.Progress(frame, Watched());
                break;
            case "unsubscribed":
                Unsubscribed(on, frame);
                break;
            case "error":
                Refused(frame);
                break;
        }
    }

    private void Unsubscribed(ConnectionCheck on, JsonElement frame)
    {
        if (frame.TryGetProperty("key", out _) == frame.TryGetProperty("id", out _))
        {
            Report("shape", "unsubscribed names one of key and id");
        }
        else if (frame.TryGetProperty("key", out _))
        {
            KeyOf(frame).Unsubscribed();
        }
        else
        {
            RowsOf(frame).Unsubscribed();
        }

        var feed = frame.GetProperty("feed").GetString()!;
        if (!Watched().Contains(feed))
        {
            on.Progress.Unwatched(feed);
        }
    }

    private void Refused(JsonElement frame)
    {
        if (frame.TryGetProperty("feed", out var feed) && frame.TryGetProperty("key", out var key)
            && keys.TryGetValue((feed.GetString()!, key.GetString()!), out var refused))
        {
            refused.Refused();
        }
        else if (frame.TryGetProperty("feed", out feed) && frame.TryGetProperty("id", out var id)
            && rows.TryGetValue((feed.GetString()!, id.GetString()!), out var without))
        {
            without.Refused();
        }
    }

    private HashSet<string> Watched() =>
    [
        .. keys.Where(each => each.Value.IsWatched).Select(each => each.Key.Feed),
        .. rows.Where(each => each.Value.IsWatched).Select(each => each.Key.Feed),
    ];

    private KeyCheck KeyOf(JsonElement frame)
    {
        var name = (frame.GetProperty("feed").GetString()!, frame.GetProperty("key").GetString()!);
        if (!keys.TryGetValue(name, out var key))
        {
            keys.Add(name, key = new(name.Item1, name.Item2, context));
        }

        return key;
    }

    private RowsCheck RowsOf(JsonElement frame)
    {
        var id = IdOf(frame);
        var name = (frame.GetProperty("feed").GetString()!, id);
        if (!rows.TryGetValue(name, out var each))
        {
            rows.Add(name, each = new(name.Item1, id, context));
        }

        return each;
    }

    // A collection without an id is named by its prefix.
    private static string IdOf(JsonElement frame) =>
        frame.TryGetProperty("id", out var id) ? id.GetString()!
        : frame.TryGetProperty("prefix", out var prefix) ? prefix.GetString()! : "";

    private static string SubjectOf(JsonElement frame) =>
        frame.ValueKind != JsonValueKind.Object || !frame.TryGetProperty("feed", out var feed) ? ""
        : frame.TryGetProperty("key", out var key) ? $"{feed}:{key}"
        : $"{feed} rows '{IdOf(frame)}'";

    private void Report(string rule, string message)
    {
        ViolationCount++;
        if (violations.Count < ViolationsMax)
        {
            violations.Add(new(rule, client, message, history.Newest()));
        }
    }
}
