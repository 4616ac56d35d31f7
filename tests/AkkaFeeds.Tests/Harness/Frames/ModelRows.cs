using System.Text.Json.Nodes;

namespace AkkaFeeds.Tests.Harness.Frames;

/// <summary>The model's one collection: all versions of it, and the frames made of two of them.</summary>
internal sealed class ModelRows
{
    public const int Limit = 3;

    private readonly List<Cut> cuts = [];

    public int Version => cuts.Count;

    /// <summary>A new version, where anything changed.</summary>
    public void Take(IReadOnlyCollection<ModelKey> keys, string? staleKey)
    {
        var made = keys.Where(key => key.Version > 0).ToList();
        var order = made.OrderByDescending(key => (long)key.View["n"]!)
            .ThenBy(key => key.Name, StringComparer.Ordinal).Take(Limit).ToList();
        var cut = new Cut(
            [.. order.Select(key => key.Name)],
            order.ToDictionary(key => key.Name, key => key.View.DeepClone().AsObject()),
            order.Any(key => key.Name == staleKey) ? staleKey : null, made.Count);
        if (cuts.Count == 0 || !cut.IsSame(cuts[^1]))
        {
            cuts.Add(cut);
        }
    }

    public JsonObject Whole()
    {
        var cut = cuts[^1];
        var frame = Frame();
        frame["order"] = cut.OrderJson;
        frame["rows"] = new JsonObject(cut.Rows.Select(row => KeyValuePair.Create(
            row.Key, (JsonNode?)row.Value.DeepClone())));
        frame["states"] = cut.StatesJson;
        frame["total"] = cut.Total;
        return frame;
    }

    public JsonObject From(int version)
    {
        var (held, cut) = (cuts[version - 1], cuts[^1]);
        var frame = Frame();
        frame["base"] = version;
        var rows = new JsonObject();
        foreach (var (key, row) in cut.Rows)
        {
            if (!held.Rows.TryGetValue(key, out var before))
            {
                rows[key] = row.DeepClone();
            }
            else if (!JsonNode.DeepEquals(before, row))
            {
                var paths = new ModelPaths();
                paths.Compare(before, row);
                rows[key] = paths.Patch(row);
            }
        }

        foreach (var key in held.Order.Except(cut.Order))
        {
            rows[key] = null;
        }

        frame["rows"] = rows;
        if (!held.Order.SequenceEqual(cut.Order))
        {
            frame["order"] = cut.OrderJson;
        }

        if (held.StaleKey != cut.StaleKey)
        {
            frame["states"] = cut.StatesJson;
        }

        if (held.Total != cut.Total)
        {
            frame["total"] = cut.Total;
        }

        return frame;
    }

    private JsonObject Frame() => new()
    {
        ["op"] = "rows", ["feed"] = ModelServer.Feed, ["id"] = "t1", ["epoch"] = "r1", ["version"] = Version,
    };

    private sealed record Cut(
        List<string> Order, Dictionary<string, JsonObject> Rows, string? StaleKey, int Total)
    {
        public JsonArray OrderJson => new([.. Order.Select(key => (JsonNode)key)]);

        public JsonObject StatesJson => StaleKey is null ? [] : new() { [StaleKey] = "stale" };

        public bool IsSame(Cut other) => Order.SequenceEqual(other.Order) && StaleKey == other.StaleKey
            && Total == other.Total && Rows.All(row => JsonNode.DeepEquals(row.Value, other.Rows[row.Key]));
    }
}
