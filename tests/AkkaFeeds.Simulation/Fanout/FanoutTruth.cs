using System.Text.Json.Nodes;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Simulation.Fanout;

/// <summary>What the logs of all slots say of a collection; nothing of the product is in it.</summary>
internal sealed class FanoutTruth(IReadOnlyList<FanoutLog> logs, IReadOnlyDictionary<KeyName, int> slotOf)
{
    /// <summary>The keys that a query has to end with, before the cut, in order, each with its last record.</summary>
    public IReadOnlyList<(string Key, int Record)> Now(RowsQuery query) =>
        [.. Matching(query)
            .Select(key => (key.Key, Record: LogOf(key.Key).LastOf(key)))
            .OrderBy(row => (row.Key, SortOf(row.Key, row.Record, query)), new FanoutOrder(query.Descending))];

    /// <summary>How many keys a query matches by now, before the cut.</summary>
    public int Count(RowsQuery query) => Matching(query).Count();

    /// <summary>What a key was sorted by after a record of its slot's log.</summary>
    public JsonNode? SortOf(string key, int record, RowsQuery query) =>
        query.SortField is { } field ? LogOf(key).Read(record)[field] : null;

    /// <summary>Whether a row is what the log says of a key after a record; else what it says.</summary>
    public string? Contradicts(JsonObject row, string key, int record, RowsQuery query)
    {
        // It is a record of that key, or the log says so.
        var text = LogOf(key).ViewAt(new KeyName("", key), record);
        var view = LogOf(key).Read(record);
        var fields = view.Where(field => query.Fields?.Contains(field.Key) != false).ToList();
        var isSame = row.Count == fields.Count && fields.TrueForAll(
            field => row.TryGetPropertyValue(field.Key, out var shown) && JsonNode.DeepEquals(shown, field.Value));
        return isSame ? null : text;
    }

    private IEnumerable<KeyName> Matching(RowsQuery query) => slotOf.Keys.Where(
        key => key.Key.StartsWith(query.Prefix, StringComparison.Ordinal) && LogOf(key.Key).LastOf(key) >= 0);

    private FanoutLog LogOf(string key) => logs[slotOf[new KeyName("", key)]];
}
