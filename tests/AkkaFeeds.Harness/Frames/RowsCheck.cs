using System.Text.Json;

namespace AkkaFeeds.Harness;

/// <summary>One collection of one client.</summary>
internal sealed class RowsCheck
{
    private const double FramesPerSecond = 4;

    private readonly string feed;
    private readonly string id;
    private readonly string name;
    private readonly FrameContext context;
    private readonly Queue<FrameRequest> requests = new();
    private readonly Dictionary<string, HeldView> rows = [];
    private FrameRequest? wanted;
    private RateCheck? rate;
    private string? epoch;
    private long version;
    private List<string> order = [];
    private SortedDictionary<string, string> states = [];
    private long total;

    public RowsCheck(string feed, string id, FrameContext context)
    {
        this.feed = feed;
        this.id = id;
        this.context = context;
        name = $"{feed} rows '{id}'";
    }

    /// <summary>Null until a first answer came.</summary>
    public HeldRows? Held => epoch is null ? null : new(
        feed, id, wanted is not null && requests.Count == 0, epoch, version, order,
        rows.ToDictionary(row => row.Key, row => row.Value.Text), states, total);

    public bool IsWatched => wanted is not null && requests.All(request => request.IsSubscribe);

    public string? Owed => requests.Count > 0 ? $"{name}: {requests.Count} unanswered" : null;

    public void ConnectionOpened()
    {
        requests.Clear();
        wanted = null;
        rate = null;
        epoch = null;
    }

    public void Sent(JsonElement frame) => requests.Enqueue(FrameRequest.Of(frame));

    public void Refused() => requests.TryDequeue(out _);

    public void Unsubscribed()
    {
        wanted = null;
        if (!FrameRequest.TakeUnsubscribe(requests))
        {
            context.Report("uninvited", $"{name}: unsubscribed, but nobody asked");
        }
    }

    public void Came(JsonElement frame)
    {
        if (!(frame.TryGetProperty("base", out var from) ? Follows(frame, from.GetInt64()) : Answers(frame)))
        {
            return;
        }

        var next = frame.GetProperty("version").GetInt64();
        epoch = frame.GetProperty("epoch").GetString()!;
        version = next;
        Apply(frame.GetProperty("rows"));
        if (frame.TryGetProperty("order", out var keys))
        {
            order = [.. keys.EnumerateArray().Select(key => key.GetString()!)];
        }

        if (frame.TryGetProperty("states", out var named))
        {
            states = new(named.EnumerateObject().ToDictionary(each => each.Name, each => each.Value.GetString()!));
        }

        total = frame.TryGetProperty("total", out var count) ? count.GetInt64() : total;
        context.ReportIf("rate", rate?.Count(context.UnixMs) is { } often ? $"{name}: {often}" : null);
        if (IsCovered())
        {
            Shown();
        }
    }

    private bool Answers(JsonElement frame)
    {
        if (!requests.TryPeek(out var first) || !first.IsSubscribe)
        {
            context.Report(
                wanted is null ? "uninvited" : "first-frame", $"{name}: whole rows, but no answer is owed");
            return false;
        }

        requests.Dequeue();
        rate ??= new(FramesPerSecond, context.Rules, context.UnixMs);
        wanted = first;
        rows.Clear();
        states.Clear();
        if (!frame.TryGetProperty("order", out _) || !frame.TryGetProperty("total", out _))
        {
            context.Report("shape", $"{name}: whole rows without order or total");
            return false;
        }

        return true;
    }

    private bool Follows(JsonElement frame, long from)
    {
        if (wanted is null)
        {
            context.Report(requests.Count > 0 ? "first-frame" : "uninvited", $"{name}: changes before an answer");
            return false;
        }

        var (of, to) = (frame.GetProperty("epoch").GetString(), frame.GetProperty("version").GetInt64());
        if (of == epoch && to <= version)
        {
            context.Report("version-back", $"{name}: changes up to {to}, but {version} is held");
            return false;
        }

        if (of != epoch || from > version || from >= to)
        {
            context.Report("delta-base", $"{name}: ({from}, {to}] of {of}, but {version} of {epoch} is held");
            return false;
        }

        return true;
    }

    private void Apply(JsonElement changes)
    {
        foreach (var change in changes.EnumerateObject())
        {
            var isHeld = rows.TryGetValue(change.Name, out var row);
            if (change.Value.ValueKind == JsonValueKind.Null)
            {
                if (!rows.Remove(change.Name))
                {
                    context.Report("rows", $"{name}: {change.Name} left the cut without having been in it");
                }
            }
            else if (change.Value.ValueKind != JsonValueKind.Object)
            {
                context.Report("shape", $"{name}: {change.Name} is {change.Value.GetRawText()}");
            }
            else if (isHeld)
            {
                row!.Apply(change.Value);
            }
            else
            {
                if (HeldView.FindNull(change.Value) is { } path)
                {
                    context.Report("null-in-view", $"{name}: {change.Name}{path} is null in a row new to the cut");
                }

                rows.Add(change.Name, HeldView.Of(change.Value));
            }
        }
    }

    private bool IsCovered()
    {
        var distinct = order.ToHashSet();
        if (distinct.Count != order.Count || !distinct.SetEquals(rows.Keys))
        {
            context.Report(
                "rows", $"{name}: order [{string.Join(',', order)}], but rows [{string.Join(',', rows.Keys)}]");
            return false;
        }

        if (states.Keys.FirstOrDefault(key => !distinct.Contains(key)) is { } foreign)
        {
            context.Report("rows", $"{name}: the state of {foreign}, which is not in the cut");
        }

        if (states.FirstOrDefault(each => each.Value is "live" or "blank") is { Key: not null } plain)
        {
            context.Report("rows", $"{name}: {plain.Key} is named {plain.Value} in states");
        }

        return true;
    }

    private void Shown()
    {
        if (requests.Any(request => request.IsSubscribe))
        {
            // Another subscribe is under way: whose query this is, only the server knows.
            return;
        }

        var query = wanted!;
        if (order.Count > query.Limit || order.Count > total || (order.Count < query.Limit && total != order.Count))
        {
            context.Report("rows", $"{name}: {order.Count} rows, total {total}, limit {query.Limit}");
        }

        if (order.FirstOrDefault(key => !key.StartsWith(query.Prefix, StringComparison.Ordinal)) is { } outside)
        {
            context.Report("rows", $"{name}: {outside} does not begin with {query.Prefix}");
        }

        foreach (var (key, row) in rows)
        {
            if (query.Fields is { } fields && row.Names.FirstOrDefault(each => !fields.Contains(each)) is { } extra)
            {
                context.Report("fields", $"{name}: {key}: {extra} was not asked for");
            }
        }

        context.ReportIf("rows", RowOrder.FindMisplaced(order, rows, query) is { } misplaced
            ? $"{name}: sort {query.Sort}: {misplaced}" : null);
        var what = $"{feed} rows [{query.Prefix}|{query.FieldsText}|{query.Sort}|{query.Limit}]";
        var whole = string.Join(' ', order.Select(key => $"{key}={rows[key].Text}"))
            + $" states {string.Join(',', states)} total {total}";
        context.ReportIf("differs", context.Register.Meet(what, epoch!, version, whole, context.Client));
    }
}
