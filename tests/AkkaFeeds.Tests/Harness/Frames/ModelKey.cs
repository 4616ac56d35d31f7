using System.Text.Json.Nodes;

namespace AkkaFeeds.Tests.Harness.Frames;

/// <summary>A key of the model: its view, and at which paths each version changed it.</summary>
internal sealed class ModelKey(string name, int partition)
{
    private readonly List<ModelPaths> changes = [];
    private long offset = -1;

    public string Name => name;

    public long Version => changes.Count;

    public JsonObject View { get; private set; } = [];

    public long At { get; private set; }

    public JsonObject Positions => offset < 0 ? [] : new() { [$"{partition}"] = offset };

    /// <summary>The next record.</summary>
    public void Fold(Random random, long unixMs)
    {
        offset += random.Next(1, 4);
        At = unixMs;
        var next = View.DeepClone().AsObject();
        next["n"] = Version + 1;
        var field = $"f{random.Next(3)}";
        switch (random.Next(5))
        {
            case 0:
                next.Remove(field);
                break;
            case 1:
                next[field] = random.Next(100);
                break;
            case 2:
                next[field] = new JsonArray(null, random.Next(3));
                break;
            default:
                next[field] = Shape(random, next[field] as JsonObject);
                break;
        }

        var paths = new ModelPaths();
        paths.Compare(View, next);
        changes.Add(paths);
        View = next;
    }

    /// <summary>What changed behind a version.</summary>
    public JsonObject PatchFrom(long version)
    {
        var paths = new ModelPaths();
        foreach (var each in changes.Skip((int)version))
        {
            paths.Add(each);
        }

        return paths.Patch(View);
    }

    private static JsonObject Shape(Random random, JsonObject? before)
    {
        var shape = before?.DeepClone().AsObject() ?? [];
        var member = $"m{random.Next(4)}";
        shape.Remove(member);
        if (random.Next(3) > 0)
        {
            shape[member] = random.Next(2) == 0 ? random.Next(100) : new JsonObject { [$"x{random.Next(2)}"] = "v" };
        }

        return shape;
    }
}
