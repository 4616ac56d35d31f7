using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Server.Edge.GraphQl;

/// <summary>
/// The rows that an operation of one connection watches, folded of the frames that came: GraphQL shows them whole.
/// </summary>
internal sealed class HeldRows
{
    private readonly Dictionary<string, JsonObject> rows = [];
    private readonly Dictionary<string, string> states = [];
    private List<string> order = [];
    private string epoch = "";
    private long version;
    private long at;

    /// <summary>Takes a frame of the collection.</summary>
    public void Take(JsonElement frame)
    {
        epoch = frame.GetProperty("epoch").GetString()!;
        version = frame.GetProperty("version").GetInt64();
        at = frame.TryGetProperty("at", out var when) ? when.GetInt64() : at;
        if (!frame.TryGetProperty("base", out _))
        {
            rows.Clear();
            states.Clear();
        }

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

    /// <summary>Its rows.</summary>
    public List<ShownKey> Shown() =>
    [
        .. order.Select(key => new ShownKey(
            key, epoch, version, states.GetValueOrDefault(key, "live"), null, at, null,
            JsonSerializer.SerializeToElement(rows[key], ViewDepth.OfSerializer))),
    ];

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

    private static JsonNode? JsonValueOf(JsonElement value) =>
        JsonNode.Parse(value.GetRawText(), null, ViewDepth.OfDocuments);
}
