using System.Text.Json.Nodes;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Simulation.Fanout;

/// <summary>What the logs of all slots say of a collection; nothing of the product is in it.</summary>
internal sealed class FanoutTruth(IReadOnlyList<FanoutLog> logs, IReadOnlyDictionary<KeyName, int> slotOf)
{
    /// <summary>The rows that a query has to end with, before the cut, in order.</summary>
    public IReadOnlyList<(string Key, JsonObject Row)> Now(RowsQuery query) =>
        [.. Matching(query)
            .Select(key => (key.Key, View: ViewAt(key.Key, logs[slotOf[key]].LastOf(key))))
            .OrderBy(row => (row.Key, SortOf(row.View, query)), new FanoutOrder(query.Descending))
            .Select(row => (row.Key, Project(row.View, query)))];

    /// <summary>How many keys a query matches by now, before the cut.</summary>
    public int Count(RowsQuery query) => Matching(query).Count();

    /// <summary>The row of a key as it was after a record of its slot's log, and what it is sorted by.</summary>
    public (JsonObject Row, JsonNode? Sort) Row(string key, int record, RowsQuery query)
    {
        var view = ViewAt(key, record);
        return (Project(view, query), SortOf(view, query));
    }

    private IEnumerable<KeyName> Matching(RowsQuery query) => slotOf.Keys.Where(
        key => key.Key.StartsWith(query.Prefix, StringComparison.Ordinal) && logs[slotOf[key]].LastOf(key) >= 0);

    private JsonObject ViewAt(string key, int record)
    {
        var name = new KeyName("", key);
        return JsonNode.Parse(logs[slotOf[name]].ViewAt(name, record)!)!.AsObject();
    }

    private static JsonObject Project(JsonObject view, RowsQuery query) => new(view
        .Where(field => query.Fields?.Contains(field.Key) != false)
        .Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));

    private static JsonNode? SortOf(JsonObject view, RowsQuery query) =>
        query.SortField is { } field ? view[field] : null;
}
