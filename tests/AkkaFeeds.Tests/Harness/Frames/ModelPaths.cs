using System.Text.Json.Nodes;

namespace AkkaFeeds.Tests.Harness.Frames;

/// <summary>The paths at which a view changed, down to leaves, and the patch that they make of it.</summary>
internal sealed class ModelPaths
{
    private readonly Dictionary<string, ModelPaths> below = [];
    private bool isWhole;

    /// <summary>Adds every path at which two views differ.</summary>
    public void Compare(JsonObject before, JsonObject after)
    {
        foreach (var name in before.Select(each => each.Key).Union(after.Select(each => each.Key)))
        {
            var (was, now) = (before[name], after[name]);
            if (was is JsonObject wasObject && now is JsonObject nowObject)
            {
                if (!JsonNode.DeepEquals(was, now))
                {
                    At(name).Compare(wasObject, nowObject);
                }
            }
            else if (!JsonNode.DeepEquals(was, now))
            {
                At(name).Whole(was);
            }
        }
    }

    /// <summary>Adds what another set has.</summary>
    public void Add(ModelPaths other)
    {
        isWhole |= other.isWhole;
        foreach (var (name, paths) in other.below)
        {
            At(name).Add(paths);
        }
    }

    /// <summary>The Merge Patch: each path with its present value, null where it is gone.</summary>
    public JsonObject Patch(JsonObject view)
    {
        var patch = isWhole ? view.DeepClone().AsObject() : [];
        foreach (var (name, paths) in below)
        {
            patch[name] = view[name] switch
            {
                null => null,
                JsonObject member => paths.Patch(member),
                var leaf => leaf.DeepClone(),
            };
        }

        return patch;
    }

    private void Whole(JsonNode? was)
    {
        isWhole = true;
        foreach (var (name, value) in was as JsonObject ?? [])
        {
            At(name).Whole(value);
        }
    }

    private ModelPaths At(string name)
    {
        if (!below.TryGetValue(name, out var paths))
        {
            below.Add(name, paths = new());
        }

        return paths;
    }
}
