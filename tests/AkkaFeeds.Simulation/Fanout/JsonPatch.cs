using System.Text.Json.Nodes;

namespace AkkaFeeds.Simulation.Fanout;

/// <summary>JSON Merge Patch (RFC 7396), as a client of any make applies it.</summary>
internal static class JsonPatch
{
    /// <summary>What becomes of a value; null where it is taken away.</summary>
    public static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var result = target is JsonObject held ? (JsonObject)held.DeepClone() : [];
        foreach (var (name, change) in changes)
        {
            var merged = change is null ? null : Merge(result[name], change);
            result.Remove(name);
            if (merged is not null)
            {
                result[name] = merged;
            }
        }

        return result;
    }
}
