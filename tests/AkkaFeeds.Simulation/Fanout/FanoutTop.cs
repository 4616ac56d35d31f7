using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaFeeds.Contracts;
using AkkaFeeds.Slots;

namespace AkkaFeeds.Simulation.Fanout;

/// <summary>
/// What one incarnation of a slot answers who asks for its rows: drives the cut and its mark as the slot's views do.
/// </summary>
internal sealed class FanoutTop(FanoutWorld world, SlotId id, long incarnation, string epoch, FanoutLog log)
{
    /// <summary>The best rows, or that they are what whoever asks has.</summary>
    /// <param name="message">What is asked.</param>
    /// <param name="records">The last record of each key.</param>
    /// <param name="changes">How many changes this incarnation has folded.</param>
    /// <param name="status">The state of all its keys.</param>
    public IFeedMessage Answer(
        SlotQueries.GetRows message, IEnumerable<(KeyName Key, int Record)> records, long changes,
        FreshnessStatus status)
    {
        var mark = new RowsMark(
            world.Defect == FanoutDefect.RecoveredUnchanged ? "" : epoch, changes, 0, status);
        if (mark.IsHeldBy(message))
        {
            world.Count(FanoutHappening.RowsUnchanged);
            return new SlotQueries.Unchanged(id) { Incarnation = incarnation };
        }

        var query = message.Query;
        var top = new RowsTop<(string Key, int Record)>(query);
        foreach (var (key, record) in records)
        {
            if (key.Key.StartsWith(query.Prefix, StringComparison.Ordinal))
            {
                top.Offer((key.Key, record), key.Key, SortOf(record, query));
            }
        }

        var best = top.Take();
        CheckMark(query, mark.Text, $"{string.Join(' ', best.Select(row => row.Key))} of {top.Total}, {status.State}");
        world.Count(best.Length < top.Total ? FanoutHappening.RowsCut : FanoutHappening.RowsAnswered);
        return new SlotQueries.SlotRows(
            id, epoch, changes,
            [.. best.Select(row => new ViewRow(row.Key.Key, Project(row.Key.Record, query), status))],
            query.SortField is null ? [] : [.. best.Select(row => row.Sort)], top.Total,
            best.Select(row => row.Key.Record + 1L).DefaultIfEmpty(0).Max(), mark.Text)
        {
            Incarnation = incarnation,
        };
    }

    // Who holds a mark is told nothing, so that one mark must never name two contents.
    private void CheckMark(RowsQuery query, string mark, string content)
    {
        var named = (id, query, mark);
        if (world.Marks.GetValueOrDefault(named, content) != content)
        {
            throw new ViolationException($"the mark {mark} names {content}, and named {world.Marks[named]}");
        }

        world.Marks[named] = content;
    }

    private Value SortOf(int record, RowsQuery query)
    {
        var value = query.SortField is { } field ? log.Read(record)[field] : null;
        return value?.GetValueKind() switch
        {
            null => Value.Absent,
            JsonValueKind.Number when value.AsValue().TryGetValue<long>(out var whole) => Value.Of(whole),
            JsonValueKind.Number => Value.Of(value.GetValue<double>()),
            JsonValueKind.String => Value.Of(value.GetValue<string>()),
            _ => Value.Of(new Contracts.JsonValue(Encoding.UTF8.GetBytes(value.ToJsonString()))),
        };
    }

    private byte[] Project(int record, RowsQuery query)
    {
        var text = query.Fields is { } fields
            ? new JsonObject(log.Read(record).Where(field => fields.Contains(field.Key))
                .Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))).ToJsonString()
            : log[record].View;
        return Encoding.UTF8.GetBytes(text);
    }
}
