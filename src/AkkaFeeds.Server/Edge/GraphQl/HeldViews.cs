using System.Text.Json;
using System.Text.Json.Nodes;

namespace AkkaFeeds.Server.Edge.GraphQl;

/// <summary>
/// What one connection holds: the frames of its client's actor folded into whole views, which GraphQL shows, because
/// it
/// has no deltas.
/// </summary>
internal sealed class HeldViews
{
    private readonly Dictionary<(string Feed, string Key), Held> keys = [];
    private readonly Dictionary<string, HeldRows> rows = [];

    /// <summary>Takes a frame of a key, and gives what is shown of it; null where it is not held.</summary>
    public ShownKey? Take(string op, JsonElement frame)
    {
        var name = (frame.GetProperty("feed").GetString()!, frame.GetProperty("key").GetString()!);
        if (!keys.TryGetValue(name, out var held))
        {
            keys.Add(name, held = new Held());
        }

        if (op is "snapshot" or "delta")
        {
            held.Epoch = frame.GetProperty("epoch").GetString()!;
            held.Version = frame.GetProperty("version").GetInt64();
            held.At = frame.GetProperty("at").GetInt64();
            held.Cause = op == "snapshot" ? frame.GetProperty("cause").GetString() : null;
            held.Data = Merged(op == "snapshot" ? null : held.Data, frame.GetProperty("data"));
        }

        if (op is "snapshot" or "state")
        {
            held.State = frame.GetProperty("state").GetString()!;
            held.Reason = frame.TryGetProperty("reason", out var reason) ? reason.GetString() : null;
        }

        return new ShownKey(
            name.Item2, held.Epoch, held.Version, held.State, held.Reason, held.Version == 0 ? null : held.At,
            held.Cause,
            held.Data is null ? null : JsonSerializer.SerializeToElement(held.Data));
    }

    /// <summary>Forgets a key.</summary>
    public void Forget(string feed, string key) => keys.Remove((feed, key));

    /// <summary>Takes a frame of a collection, and gives its rows.</summary>
    public List<ShownKey> TakeRows(string id, JsonElement frame)
    {
        if (!frame.TryGetProperty("base", out _) || !rows.TryGetValue(id, out var held))
        {
            rows[id] = held = new HeldRows();
        }

        held.Take(frame);
        return held.Shown();
    }

    /// <summary>Forgets a collection.</summary>
    public void ForgetRows(string id) => rows.Remove(id);

    // A JSON Merge Patch (RFC 7396).
    private static JsonObject? Merged(JsonObject? held, JsonElement patch)
    {
        if (patch.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var target = held ?? [];
        foreach (var member in patch.EnumerateObject())
        {
            target[member.Name] = member.Value.ValueKind == JsonValueKind.Object
                ? Merged(Detached(target, member.Name), member.Value)
                : JsonValueOf(member.Value);
            if (member.Value.ValueKind == JsonValueKind.Null)
            {
                target.Remove(member.Name);
            }
        }

        return target;
    }

    // A node has one parent; what goes on being used has to leave it first.
    private static JsonObject? Detached(JsonObject target, string name)
    {
        var found = target[name] as JsonObject;
        target.Remove(name);
        return found;
    }

    private static JsonNode? JsonValueOf(JsonElement value) => JsonNode.Parse(value.GetRawText());

    private sealed class Held
    {
        public string Epoch { get; set; } = "";

        public long Version { get; set; }

        public long At { get; set; }

        public string State { get; set; } = "rebuilding";

        public string? Reason { get; set; }

        public string? Cause { get; set; }

        public JsonObject? Data { get; set; }
    }

    private sealed class HeldRows
    {
        private readonly Dictionary<string, JsonObject> rows = [];
        private readonly Dictionary<string, string> states = [];
        private List<string> order = [];
        private string epoch = "";
        private long version;
        private long at;

        public void Take(JsonElement frame)
        {
            epoch = frame.GetProperty("epoch").GetString()!;
            version = frame.GetProperty("version").GetInt64();
            at = frame.TryGetProperty("at", out var when) ? when.GetInt64() : at;
            order = frame.TryGetProperty("order", out var named)
                ? [.. named.EnumerateArray().Select(key => key.GetString()!)] : order;
            foreach (var row in frame.GetProperty("rows").EnumerateObject())
            {
                if (Merged(rows.GetValueOrDefault(row.Name), row.Value) is { } data)
                {
                    rows[row.Name] = data;
                }
                else
                {
                    rows.Remove(row.Name);
                }
            }

            if (frame.TryGetProperty("states", out var told))
            {
                states.Clear();
                foreach (var state in told.EnumerateObject())
                {
                    states[state.Name] = state.Value.GetString()!;
                }
            }
        }

        public List<ShownKey> Shown() =>
        [
            .. order.Select(key => new ShownKey(
                key, epoch, version, states.GetValueOrDefault(key, "live"), null, at, null,
                JsonSerializer.SerializeToElement(rows[key]))),
        ];
    }
}
