using System.Text.Json;

namespace AkkaFeeds.Harness;

/// <summary>One key of one client: what is owed, what is held, and whether each frame may follow.</summary>
internal sealed class KeyCheck
{
    private readonly string feed;
    private readonly string key;
    private readonly string name;
    private readonly FrameContext context;
    private readonly KeyHistory history;
    private readonly Queue<FrameRequest> requests = new();
    private FrameRequest? wanted;
    private string heldFields = "*";
    private RateCheck? rate;
    private HeldView? view;
    private string? epoch;
    private long version;
    private string state = "";
    private bool isUnknown;

    public KeyCheck(string feed, string key, FrameContext context)
    {
        this.feed = feed;
        this.key = key;
        this.context = context;
        name = $"{feed}:{key}";
        history = new(name, context);
    }

    /// <summary>Null until a first answer came.</summary>
    public HeldKey? Held => epoch is null ? null : new(
        feed, key, wanted is not null && requests.Count == 0, heldFields, epoch, version,
        history.Positions, view?.Text ?? "null", state);

    /// <summary>Whether the feed is watched through this key.</summary>
    public bool IsWatched => wanted is not null && requests.All(request => request.IsSubscribe);

    /// <summary>What is still owed, for the end of a run.</summary>
    public string? Owed => requests.TryPeek(out var first)
        ? $"{name}: {requests.Count} unanswered, the first {(first.IsSubscribe ? "a subscribe" : "an unsubscribe")}"
        : null;

    public void ConnectionOpened()
    {
        requests.Clear();
        wanted = null;
        rate = null;
    }

    public void Sent(JsonElement frame) => requests.Enqueue(FrameRequest.Of(frame));

    public void Snapshot(JsonElement frame)
    {
        var cause = frame.GetProperty("cause").GetString()!;
        var nextEpoch = frame.GetProperty("epoch").GetString()!;
        if (!Invited(frame))
        {
            return;
        }

        if (wanted is null || cause == "subscribe")
        {
            Answer(cause, nextEpoch);
        }
        else if (cause == "reset")
        {
            history.ForgetPositions();
        }

        Topics(nextEpoch, cause);
        var nextVersion = frame.GetProperty("version").GetInt64();
        history.Meet(nextEpoch, nextVersion);
        history.Replace(FrameRequest.Positions(frame.GetProperty("pos")));
        epoch = nextEpoch;
        version = nextVersion;
        isUnknown = false;
        var data = frame.GetProperty("data");
        view = data.ValueKind == JsonValueKind.Null ? null : HeldView.Of(data);
        if (view is not null && HeldView.FindNull(data) is { } path)
        {
            context.Report("null-in-view", $"{name}: {path} is null");
        }

        State(frame);
        Blankness();
        Shown();
    }

    public void Resumed(JsonElement frame)
    {
        if (!requests.TryPeek(out var first) || !first.IsSubscribe || first.ResumeEpoch is null)
        {
            context.Report("uninvited", $"{name}: resumed, but no resume was asked for");
            return;
        }

        requests.Dequeue();
        wanted = first;
        heldFields = first.FieldsText;
        StartRate();
        var echoed = (frame.GetProperty("epoch").GetString()!, frame.GetProperty("version").GetInt64());
        if (echoed != (first.ResumeEpoch, first.ResumeVersion))
        {
            context.Report("resumed", $"{name}: {echoed}, but {(first.ResumeEpoch, first.ResumeVersion)} was held");
        }

        history.Meet(echoed.Item1, echoed.Item2);
        history.Hold(first.ResumePositions ?? []);
        if (echoed != (epoch, version))
        {
            // The client gave back what it does not hold, so what it shows from here on is not known.
            (epoch, version) = echoed;
            isUnknown = true;
        }
    }

    public void Delta(JsonElement frame)
    {
        if (wanted is null)
        {
            context.Report(requests.Count > 0 ? "first-frame" : "uninvited", $"{name}: a delta before an answer");
            return;
        }

        var (from, to) = (frame.GetProperty("base").GetInt64(), frame.GetProperty("version").GetInt64());
        var of = frame.GetProperty("epoch").GetString();
        if (of != epoch || from > version || from >= to || from < 1)
        {
            context.Report("delta-base", $"{name}: ({from}, {to}] of {of}, but {version} of {epoch} is held");
            return;
        }

        if (to <= version)
        {
            context.Report("version-back", $"{name}: delta to {to}, but {version} is held");
            return;
        }

        version = to;
        history.Meet(epoch!, to);
        history.Update(FrameRequest.Positions(frame.GetProperty("pos")));
        if (view is not null && !isUnknown)
        {
            view.Apply(frame.GetProperty("data"));
            Shown();
        }
    }

    public void StateCame(JsonElement frame)
    {
        if (wanted is null && (!requests.Any(request => request.IsSubscribe)))
        {
            context.Report("uninvited", $"{name}: a state, but nothing is subscribed");
            return;
        }

        var next = frame.GetProperty("state").GetString()!;
        if (wanted is null && next != "rebuilding")
        {
            context.Report("first-frame", $"{name}: state {next} before the answer");
            return;
        }

        State(frame);
        if (wanted is not null)
        {
            Blankness();
        }
    }

    public void Notice()
    {
        if (wanted is null)
        {
            context.Report("uninvited", $"{name}: a notice, but nothing is subscribed");
        }
    }

    public void Unsubscribed()
    {
        wanted = null;
        if (!FrameRequest.TakeUnsubscribe(requests))
        {
            context.Report("uninvited", $"{name}: unsubscribed, but nobody asked");
        }
    }

    public void Refused() => requests.TryDequeue(out _);

    private bool Invited(JsonElement frame)
    {
        var isAnswer = requests.TryPeek(out var first) && first.IsSubscribe;
        var cause = frame.GetProperty("cause").GetString();
        if (isAnswer || (wanted is not null && cause != "subscribe"))
        {
            return true;
        }

        context.Report(
            wanted is null ? "uninvited" : "first-frame", $"{name}: a snapshot ({cause}), but no answer is owed");
        return false;
    }

    private void Answer(string cause, string nextEpoch)
    {
        var request = requests.Dequeue();
        if (cause is not "subscribe" && (request.ResumeEpoch is null || cause is "resync"))
        {
            context.Report("first-frame", $"{name}: the answer's cause is {cause}");
        }

        var isKnown = wanted is not null;
        wanted = request;
        heldFields = request.FieldsText;
        StartRate();
        if (request.ResumePositions is { } given
            && KeyHistory.TopicsOf(request.ResumeEpoch!) == KeyHistory.TopicsOf(nextEpoch))
        {
            history.Hold(given);
        }
        else if (!isKnown || request.ResumeEpoch is not null)
        {
            history.ForgetPositions();
            epoch = null;
        }
    }

    private void Topics(string nextEpoch, string cause)
    {
        var held = wanted?.ResumeEpoch is { } resumed && epoch is null ? resumed : epoch;
        var isOther = held is not null && KeyHistory.TopicsOf(held) != KeyHistory.TopicsOf(nextEpoch);
        if (isOther != (cause == "reset"))
        {
            context.Report("reset", $"{name}: from {held} to {nextEpoch} because of {cause}");
        }
    }

    private void State(JsonElement frame)
    {
        state = frame.GetProperty("state").GetString()!;
        context.ReportIf("state", StateRules.Find(frame, context.UnixMs, context.Rules) is { } wrong
            ? $"{name}: {wrong}" : null);
    }

    private void Blankness()
    {
        if (isUnknown)
        {
            return;
        }

        if (view is null != (version == 0) || (view is null && state is not ("blank" or "rebuilding"))
            || (view is not null && state == "blank"))
        {
            context.Report("blank", $"{name}: {state}, version {version}, {(view is null ? "no data" : "data")}");
        }
    }

    private void Shown()
    {
        if (requests.Any(request => request.IsSubscribe))
        {
            // Another subscribe is under way: whose fields these are, only the server knows.
            return;
        }

        context.ReportIf("rate", rate?.Count(context.UnixMs) is { } often ? $"{name}: {often}" : null);
        if (wanted!.Fields is { } fields && view?.Names.FirstOrDefault(each => !fields.Contains(each)) is { } extra)
        {
            context.Report("fields", $"{name}: {extra} was not asked for");
        }

        context.ReportIf("differs", context.Register.Meet(
            $"{name} [{heldFields}]", epoch!, version, view?.Text ?? "null", context.Client));
    }

    private void StartRate() => rate = wanted!.MaxRate is { } perSecond
        ? new(perSecond, context.Rules, context.UnixMs) : null;
}
