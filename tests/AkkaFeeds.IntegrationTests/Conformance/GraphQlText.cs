using System.Text.Json;
using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Conformance;

/// <summary>What is asked of GraphQL, as a query or a subscription alike, and what its results show.</summary>
internal static class GraphQlText
{
    /// <summary>The selection of a key.</summary>
    public static string Key(Watched watched, string key) =>
        $"{{ {NameOf(watched)}(key: {JsonSerializer.Serialize(key)}) {{ key epoch version state reason "
        + $"data {{ {ConformanceServer.FieldsOf(watched.Feed)} }} }} }}";

    /// <summary>The selection of the collection.</summary>
    public static string Rows(Watched watched)
    {
        var arguments = watched.Rows!.Select(each =>
            $"{each.Key}: {(each.Key == "limit" ? each.Value : JsonSerializer.Serialize(each.Value))}");
        return $"{{ {NameOf(watched)}_rows({string.Join(", ", arguments)}) {{ key epoch version state "
            + $"data {{ {ConformanceServer.FieldsOf(watched.Feed)} }} }} }}";
    }

    /// <summary>The feed's name in GraphQL.</summary>
    public static string NameOf(Watched watched) => watched.Feed.Replace('-', '_');

    /// <summary>What a result shows of a key; null while its slot has not told any.</summary>
    public static Shown? KeyOf(JsonElement key) => key.GetProperty("epoch").GetString() is { Length: > 0 } epoch
        ? new Shown(
            epoch, key.GetProperty("version").GetInt64(), key.GetProperty("state").GetString()!,
            key.GetProperty("reason").GetString(), DataOf(key.GetProperty("data")))
        : null;

    /// <summary>What a result shows of a collection; of one without rows nothing is known but that.</summary>
    public static ShownRows RowsOf(JsonElement rows)
    {
        var all = rows.EnumerateArray().ToList();
        var counts = all.Select(row => (row.GetProperty("epoch").GetString()!, row.GetProperty("version").GetInt64()))
            .Distinct().DefaultIfEmpty(("", 0)).ToList();
        var (epoch, version) = Assert.Single(counts);
        return new ShownRows(
            epoch, version, [.. all.Select(NameIn)], all.ToDictionary(NameIn, row => DataOf(row.GetProperty("data"))),
            all.Where(row => row.GetProperty("state").GetString() != "live")
                .ToDictionary(NameIn, row => row.GetProperty("state").GetString()!));
    }

    private static string NameIn(JsonElement row) => row.GetProperty("key").GetString()!;

    // What a view lacks is null here, because the selection names it.
    private static string DataOf(JsonElement data) => data.ValueKind == JsonValueKind.Null ? "null"
        : HeldView.Of(JsonSerializer.SerializeToElement(data.EnumerateObject()
            .Where(field => field.Value.ValueKind != JsonValueKind.Null)
            .ToDictionary(field => field.Name, field => field.Value))).Text;
}
