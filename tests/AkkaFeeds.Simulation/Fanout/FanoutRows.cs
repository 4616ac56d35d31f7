using System.Text.Json.Nodes;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Simulation.Fanout;

/// <summary>
/// What a client holds of one collection, by the rules of the wire alone, and the checks of what it is sent: versions
/// and live rows never go back, each row is what the log says, the order is the order, and a version names one
/// content whoever is sent it, whole or as changes.
/// </summary>
internal sealed class FanoutRows(FanoutWorld world, string id, RowsQuery first, FanoutTruth truth)
{
    private readonly Dictionary<string, JsonObject> rows = [];
    private readonly Dictionary<string, int> newest = [];
    private Dictionary<string, string> states = [];
    private List<string> order = [];
    private string? epoch;
    private long version;
    private long total;
    private int owed;
    private bool isAnswered;

    /// <summary>What the client wants.</summary>
    public RowsQuery Query { get; private set; } = first;

    /// <summary>A connection begins: nothing has been answered on it.</summary>
    public void Connect()
    {
        (owed, isAnswered, epoch) = (0, false, null);
        newest.Clear();
    }

    /// <summary>Subscribes, perhaps to something else under the same id.</summary>
    public void Subscribe(RowsQuery query)
    {
        Query = query;
        owed++;
    }

    /// <summary>Takes a frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="query">What was subscribed when it was written.</param>
    public void On(JsonObject frame, RowsQuery query)
    {
        if (frame.ContainsKey("base"))
        {
            Follow(frame);
        }
        else
        {
            Begin(frame);
        }

        (epoch, version) = ((string)frame["epoch"]!, (long)frame["version"]!);
        order = frame["order"] is JsonArray keys ? [.. keys.Select(key => (string)key!)] : order;
        states = frame["states"] is JsonObject named
            ? named.ToDictionary(one => one.Key, one => (string)one.Value!)
            : states;
        total = (long?)frame["total"] ?? total;
        foreach (var (key, change) in frame["rows"]!.AsObject())
        {
            if (change is null)
            {
                Require(rows.Remove(key), $"{key} leaves without having been there: {frame}");
            }
            else
            {
                rows[key] = JsonPatch.Merge(rows.GetValueOrDefault(key), change)!.AsObject();
            }
        }

        Check(frame, query);
    }

    /// <summary>Nothing happens any more: the rows are those of the logs, and each subscribe was answered.</summary>
    public void CheckAtRest()
    {
        Require(owed == 0, $"{owed} subscribes without an answer at rest");
        var wanted = truth.Now(Query);
        var shown = wanted.Take(Query.Limit).ToList();
        Require(order.SequenceEqual(shown.Select(row => row.Key)),
            $"shows {string.Join(' ', order)} at rest, the logs say {string.Join(' ', shown.Select(row => row.Key))}");
        foreach (var (key, record) in shown)
        {
            CheckRow(key, record, Query);
        }

        Require(total == wanted.Count, $"total {total} at rest, the logs have {wanted.Count}");
        Require(states.Count == 0, $"{string.Join(' ', states)} at rest");
    }

    private void Begin(JsonObject frame)
    {
        Require(owed > 0, $"an answer to nothing: {frame}");
        Require((string)frame["epoch"]! != epoch || (long)frame["version"]! >= version,
            $"version {frame["version"]} after {version} of {epoch}");
        owed--;
        isAnswered = true;
        if ((string)frame["epoch"]! != epoch)
        {
            newest.Clear();
        }

        rows.Clear();
        states = [];
        world.Count(FanoutHappening.RowsWhole);
    }

    private void Follow(JsonObject frame)
    {
        var (from, to) = ((long)frame["base"]!, (long)frame["version"]!);
        Require(isAnswered, $"changes before an answer: {frame}");
        Require((string)frame["epoch"]! == epoch && from <= version && version < to,
            $"changes that do not continue {version} of {epoch}: {frame}");
        world.Count(to - from > 1 ? FanoutHappening.RowsOfSeveralVersions : FanoutHappening.RowsDelta);
    }

    private void Check(JsonObject frame, RowsQuery query)
    {
        Require(order.Count == order.Distinct().Count() && rows.Count == order.Count && order.All(rows.ContainsKey),
            $"{string.Join(' ', order)} is the order of {string.Join(' ', rows.Keys)} behind {frame}");
        Require(order.Count == Math.Min(query.Limit, total) && total <= truth.Count(query),
            $"{order.Count} rows of {total} in all, the logs have {truth.Count(query)}: {frame}");
        Require(states.Keys.All(rows.ContainsKey), $"states of what is not there: {frame}");
        var shown = order.Select(key => (Key: key, Sort: SortOf(key, query))).ToList();
        var sorted = shown.Order(new FanoutOrder(query.Descending)).Select(row => row.Key).ToList();
        Require(
            sorted.SequenceEqual(order), $"{string.Join(' ', order)} should be {string.Join(' ', sorted)}: {frame}");
        var content = Text();
        Require(world.Contents.GetValueOrDefault((epoch!, version), content) == content,
            $"{epoch} {version} is {content}, and was {world.Contents.GetValueOrDefault((epoch!, version))}");
        world.Contents[(epoch!, version)] = content;
    }

    // A live row is at least as new as any that was shown before; one of a slot that recovers may be older.
    private JsonNode? SortOf(string key, RowsQuery query)
    {
        var record = (int)rows[key]["n"]!;
        CheckRow(key, record, query);
        var before = newest.GetValueOrDefault(key, -1);
        if (states.ContainsKey(key))
        {
            world.Count(record < before ? FanoutHappening.RowsOlderWhileRebuilding : FanoutHappening.RowsNotLive);
        }
        else
        {
            Require(record >= before, $"{key} is live with record {record}, and has shown {before}");
        }

        newest[key] = Math.Max(record, before);
        return truth.SortOf(key, record, query);
    }

    private void CheckRow(string key, int record, RowsQuery query)
    {
        if (truth.Contradicts(rows[key], key, record, query) is { } said)
        {
            Require(false, $"{key} shows {rows[key].ToJsonString()}, the log says {said} after {record}");
        }
    }

    private string Text() => $"[{string.Join(' ', order)}] of {total}, "
        + string.Join(", ", order.Select(key => $"{key} {states.GetValueOrDefault(key, "live")} {Sorted(rows[key])}"));

    // Patches leave members in another order.
    private static string Sorted(JsonObject row) => string.Join(
        ';', row.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => field.Key + Deep(field.Value)));

    private static string Deep(JsonNode? value) =>
        value is JsonObject inner ? $"{{{Sorted(inner)}}}" : $"={value?.ToJsonString()}";

    private void Require(bool holds, FormattableString what)
    {
        if (!holds)
        {
            throw new ViolationException(id + ": " + FormattableString.Invariant(what));
        }
    }
}
