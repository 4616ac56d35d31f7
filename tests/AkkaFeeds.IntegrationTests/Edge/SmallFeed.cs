using System.Text.Json;
using System.Text.Json.Nodes;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>Two feeds of one topic with few keys, whose views change their shape all the time.</summary>
internal static class SmallFeed
{
    public const string Name = "small";
    public const string Raw = "raw";
    public const int Keys = 200;

    /// <summary>Fields that a client may ask for; null for all.</summary>
    public static readonly string[]?[] Selections = [null, null, ["n", "last"], ["tags", "mean"], ["any"]];

    /// <summary>The collections that clients ask for: few, so that they share them.</summary>
    public static readonly JsonObject[] Queries =
    [
        new() { ["sort"] = "-n", ["limit"] = 10 },
        new() { ["sort"] = "mean", ["limit"] = 25, ["fields"] = new JsonArray("n", "mean") },
        new() { ["prefix"] = "K1", ["sort"] = "any", ["limit"] = 20 },
        new() { ["prefix"] = "K01" },
        new() { ["prefix"] = "nobody", ["limit"] = 5 },
    ];

    public static string KeyOf(int index) => $"K{index:000}";

    public static string Yaml(string topic) => $$"""
          {{Name}}:
            from: { topic: {{topic}}, format: json }
            key: k
            slots: 8
            view:
              n: count()
              big: count(v > 50)
              mean: avg(v)
              tags: top(tag, 3)
              last: last({v, any})
              any: last(any)
          {{Raw}}:
            from: { topic: {{topic}}, format: json }
            key: k
            slots: 4
            view:
              "*": last(*)
        """;

    /// <summary>A record; members come and go, and change between numbers, texts, lists and objects.</summary>
    public static byte[] Record(Random random, string key)
    {
        var record = new JsonObject { ["k"] = key, ["v"] = random.Next(100), ["tag"] = $"t{random.Next(12)}" };
        if (random.Next(6) > 0)
        {
            record["any"] = Any(random, depth: 0);
        }

        if (random.Next(3) == 0)
        {
            record[$"extra{random.Next(3)}"] = Any(random, depth: 1);
        }

        return JsonSerializer.SerializeToUtf8Bytes(record);
    }

    private static JsonNode? Any(Random random, int depth) => random.Next(depth > 2 ? 4 : 8) switch
    {
        0 => random.Next(1_000),
        1 => random.NextDouble(),
        2 => $"text \"{random.Next(9)}\" é",
        3 => null,
        4 => new JsonArray(null, random.Next(5), Any(random, 3)),
        _ => new JsonObject(Enumerable.Range(0, 4).Where(_ => random.Next(2) == 0)
            .Select(member => KeyValuePair.Create($"m{member}", Any(random, depth + 1)))),
    };
}
