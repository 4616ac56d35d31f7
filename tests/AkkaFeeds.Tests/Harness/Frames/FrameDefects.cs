using System.Text.Json.Nodes;

namespace AkkaFeeds.Tests.Harness.Frames;

/// <summary>The defects that the checker has to see.</summary>
internal static class FrameDefects
{
    private static readonly Dictionary<string, FrameDefect> OfKeys = new()
    {
        ["patches of two deltas are merged as objects"] = new("differs", MergePatches),
        ["the coalescer keeps the oldest value"] = new("differs", KeepOldest),
        ["a delta is made on a wrong base"] = FrameDefect.Change("delta-base", Delta, frame => Add(frame, "base", 1)),
        ["a delta is lost"] = new("delta-base", LoseDelta),
        ["a delta is lost and the next is made as if it were not"] = new("differs", LoseInSilence),
        ["the epoch of a delta is ignored"] =
            FrameDefect.Change("delta-base", Delta, frame => frame["epoch"] = "t1.other"),
        ["a snapshot of the epoch before comes late"] = new("epoch-back", OldEpoch),
        ["the first frame comes twice"] = FrameDefect.Double("first-frame", Snapshot("subscribe")),
        ["the first frame never comes"] = FrameDefect.Lose("unanswered|first-frame", Snapshot("subscribe")),
        ["changes come before the first frame"] = new("first-frame", DeltaFirst),
        ["a stale intermediate value follows a newer one"] = new("version-back", StaleDelta),
        ["a snapshot goes back"] = new("version-back", StaleSnapshot),
        ["a view holds null"] =
            FrameDefect.Change("null-in-view", Snapshot("subscribe"), frame => frame["data"]!["f0"] = null),
        ["the position goes back"] =
            FrameDefect.Change("pos-back", Delta, frame => Each(frame, "pos", _ => 0)),
        ["the position of a recovered slot is behind the client's"] =
            FrameDefect.Change("pos-back", Snapshot("recovery"), frame => Each(frame, "pos", _ => 0)),
        ["a snapshot lacks a partition"] =
            FrameDefect.Change("pos-back", Snapshot("recovery"), frame => frame["pos"] = new JsonObject()),
        ["a stale state has no since"] = FrameDefect.Change("state", Stale, frame => frame.Remove("since")),
        ["a stale state has no reason"] = FrameDefect.Change("state", Stale, frame => frame.Remove("reason")),
        ["a live state keeps its reason"] =
            FrameDefect.Change("state", Live, frame => (frame["reason"], frame["since"]) = ("behind-slo", 1)),
        ["rebuilding has no progress"] = FrameDefect.Change("state", Rebuilding, frame => frame.Remove("progress")),
        ["live comes before the answer"] = FrameDefect.Change("first-frame", Rebuilding, frame =>
        {
            frame["state"] = "live";
            Array.ForEach(["reason", "since", "progress"], name => frame.Remove(name));
        }),
    };

    private static readonly Dictionary<string, FrameDefect> OfConnections = new()
    {
        ["data comes although a mark is unanswered"] = new("held-back", NoAnswers),
        ["a second mark comes before the answer"] = FrameDefect.Behind(
            "mark", each => each.IsReceived("mark"), each => each.With(frame => Add(frame, "mark", 1))),
        ["changes of rows are made on a wrong base"] =
            FrameDefect.Change("delta-base", RowsDelta, frame => Add(frame, "base", 1)),
        ["a row new to the cut comes as a patch"] = new("differs", PatchOfNewRow),
        ["a row that left stays"] = FrameDefect.Change("rows", RowLeft, frame =>
        {
            var rows = frame["rows"]!.AsObject();
            rows.Remove(rows.First(row => row.Value is null).Key);
        }),
        ["rows are in a wrong order"] =
            FrameDefect.Change("rows", WholeRows, frame => Swap(frame["order"]!.AsArray())),
        ["more rows than the limit"] = FrameDefect.Change("rows", WholeRows, frame => frame["total"] = 1),
        ["a live row is named in states"] =
            FrameDefect.Change("rows", WholeRows, frame => frame["states"] = new JsonObject { ["K1"] = "live" }),
        ["resumed names another version"] =
            FrameDefect.Change("resumed", each => each.IsReceived("resumed"), frame => Add(frame, "version", 1)),
        ["resumed names another epoch"] =
            FrameDefect.Change("resumed", each => each.IsReceived("resumed"), frame => frame["epoch"] = "t1.other"),
        ["other topics are not told as a reset"] =
            FrameDefect.Change("reset", Snapshot("recovery"), frame => frame["epoch"] = "t2.c"),
        ["a key goes on behind unsubscribed"] = FrameDefect.Behind(
            "uninvited", each => each.IsReceived("unsubscribed"), each => each.With(frame =>
                (frame["op"], frame["state"]) = ("state", "live"))),
        ["an unsubscribe has no answer"] = FrameDefect.Lose("first-frame", each => each.IsReceived("unsubscribed")),
        ["progress stays away"] = new("progress", events => events.RemoveAll(each =>
            each.IsReceived("progress") && each.Connection == 2 && (long)each.Json["now"]! % 3 > 0) > 0),
        ["progress does not name a feed"] = FrameDefect.Change(
            "progress", each => each.IsReceived("progress"), frame => frame["feeds"] = new JsonObject()),
        ["a feed is read beyond now"] = FrameDefect.Change(
            "age", each => each.IsReceived("progress"), frame => frame["now"] = (long)frame["now"]! - 1),
        ["welcome is not first"] = FrameDefect.Lose("welcome", each => each.IsReceived("welcome")),
        ["welcome comes twice"] = FrameDefect.Double("welcome", each => each.IsReceived("welcome")),
        ["something follows bye"] = FrameDefect.Behind(
            "bye", each => each.IsReceived("bye"), each => each with { Text = """{"op":"pong","now":1}""" }),
        ["the close is not what bye said"] = FrameDefect.Behind(
            "close", each => each.IsReceived("bye"),
            each => each with { Kind = FrameEventKind.Closed, Text = "4008" }),
        ["a frame has a member that nobody knows"] = FrameDefect.Change("shape", Delta, frame => frame["seq"] = 1),
        ["a version is text"] = FrameDefect.Change("shape", Delta, frame => frame["version"] = "7"),
        ["a close code is not of the protocol"] =
            FrameDefect.Change("shape", each => each.IsReceived("bye"), frame => frame["code"] = 4100),
        ["an unmade key is live"] = FrameDefect.Change("blank", Blank, frame => frame["state"] = "live"),
        ["an unmade key has a version"] = FrameDefect.Change("blank", Blank, frame => frame["version"] = 1),
        ["a notice comes twice"] = FrameDefect.Double("notice", each => each.IsReceived("notice")),
        ["a ping has no answer"] = FrameDefect.Lose(
            "pong", each => each.IsReceived("pong") && each.Connection == ModelServer.LastConnection(each.Client)),
        ["a field that was not asked for"] = FrameDefect.Change(
            "fields", each => Delta(each) && IsKey(each, ModelClient.SlowKey), frame => frame["data"]!["other"] = 1),
        ["the rate that was asked for is passed over"] = new("rate", NoRate),
    };

    public static readonly Dictionary<string, FrameDefect> All = new(OfKeys.Concat(OfConnections));

    private static Func<FrameEvent, bool> Snapshot(string cause) => each => each.IsReceived("snapshot")
        && (string)each.Json["cause"]! == cause && each.Json["data"] is not null;

    private static bool Delta(FrameEvent each) => each.IsReceived("delta");

    private static bool Stale(FrameEvent each) => each.IsReceived("state") && (string)each.Json["state"]! == "stale";

    private static bool Live(FrameEvent each) => each.IsReceived("state") && (string)each.Json["state"]! == "live";

    private static bool Rebuilding(FrameEvent each) =>
        each.IsReceived("state") && (string)each.Json["state"]! == "rebuilding";

    private static bool Blank(FrameEvent each) => each.IsReceived("snapshot") && each.Json["data"] is null;

    private static bool WholeRows(FrameEvent each) => each.IsReceived("rows") && each.Json["base"] is null;

    private static bool RowsDelta(FrameEvent each) => each.IsReceived("rows") && each.Json["base"] is not null;

    private static bool RowLeft(FrameEvent each) =>
        RowsDelta(each) && each.Json["rows"]!.AsObject().Any(row => row.Value is null);

    private static bool IsKey(FrameEvent each, string key) => (string?)each.Json["key"] == key;

    private static void Add(JsonObject frame, string name, long more) => frame[name] = (long)frame[name]! + more;

    private static void Each(JsonObject frame, string name, Func<long, long> change)
    {
        foreach (var (member, value) in frame[name]!.AsObject().ToList())
        {
            frame[name]![member] = Math.Max(0, change((long)value!));
        }
    }

    private static void Swap(JsonArray order)
    {
        var first = order[0]!.DeepClone();
        order.RemoveAt(0);
        order.Add(first);
    }

    private static bool MergePatches(List<FrameEvent> events)
    {
        foreach (var (first, second) in Pairs(events))
        {
            var (one, two) = (events[first].Json["data"]!.AsObject(), events[second].Json["data"]!.AsObject());
            if (!one.Any(field => field.Value is not (null or JsonObject) && two[field.Key] is JsonObject))
            {
                continue;
            }

            var held = JsonNode.Parse(FrameReplay.HeldBefore(events, first)!.View)!.AsObject();
            var isWrong = two.Any(field => field.Value is JsonObject next && one[field.Key] is not (null or JsonObject)
                && held[field.Key] is JsonObject before && before.Any(member => !next.ContainsKey(member.Key)));
            if (isWrong && IsMet(events, second))
            {
                Merge(one, two);
                events[second] = events[second].With(frame =>
                    (frame["base"], frame["data"]) = (events[first].Json["base"]!.DeepClone(), one.DeepClone()));
                events.RemoveAt(first);
                return true;
            }
        }

        return false;
    }

    private static void Merge(JsonObject one, JsonObject two)
    {
        foreach (var (name, value) in two)
        {
            if (one[name] is JsonObject below && value is JsonObject more)
            {
                Merge(below, more);
            }
            else
            {
                one[name] = value?.DeepClone();
            }
        }
    }

    private static bool KeepOldest(List<FrameEvent> events)
    {
        foreach (var (first, second) in Pairs(events))
        {
            if (IsMet(events, second) && FrameReplay.HeldBefore(events, first) is { } held)
            {
                var before = JsonNode.Parse(held.View)!["n"]!;
                events[second] = events[second].With(frame =>
                {
                    frame["base"] = events[first].Json["base"]!.DeepClone();
                    frame["data"]!["n"] = before.DeepClone();
                });
                events.RemoveAt(first);
                return true;
            }
        }

        return false;
    }

    private static bool LoseDelta(List<FrameEvent> events)
    {
        events.RemoveAt(Pairs(events).First().First);
        return true;
    }

    private static bool LoseInSilence(List<FrameEvent> events)
    {
        foreach (var (first, second) in Pairs(events))
        {
            var (one, two) = (events[first].Json["data"]!.AsObject(), events[second].Json["data"]!.AsObject());
            if (IsMet(events, second) && one.Any(field => !two.ContainsKey(field.Key)))
            {
                events[second] = events[second].With(frame => frame["base"] = events[first].Json["base"]!.DeepClone());
                events.RemoveAt(first);
                return true;
            }
        }

        return false;
    }

    /// <summary>Two deltas of a key with nothing of the key between them.</summary>
    private static IEnumerable<(int First, int Second)> Pairs(List<FrameEvent> events)
    {
        var last = new Dictionary<(int, string), int>();
        for (var index = 0; index < events.Count; index++)
        {
            if (events[index].Text.Length == 0 || (string?)events[index].Json["key"] is not { } key)
            {
                continue;
            }

            if (Delta(events[index]) && last.TryGetValue((events[index].Client, key), out var first)
                && Delta(events[first]))
            {
                yield return (first, index);
            }

            last[(events[index].Client, key)] = index;
        }
    }

    // The other client comes to the same version too, so that the two can be compared.
    private static bool IsMet(List<FrameEvent> events, int index)
    {
        var json = events[index].Json;
        return events.Any(each => each.Client != events[index].Client && each.Op == events[index].Op
            && new[] { "key", "id", "epoch", "version" }.All(
                name => JsonNode.DeepEquals(each.Json[name], json[name])));
    }

    private static bool OldEpoch(List<FrameEvent> events) =>
        FrameDefect.At(events, Snapshot("recovery"), index => events.Insert(
            index + 1, events[index].With(frame => (frame["epoch"], frame["cause"]) = ("t1.a", "resync"))));

    private static bool DeltaFirst(List<FrameEvent> events)
    {
        foreach (var (first, _) in Pairs(events))
        {
            var delta = events[first];
            var answer = events.FindLastIndex(first, each => Snapshot("subscribe")(each)
                && each.Client == delta.Client && IsKey(each, (string)delta.Json["key"]!));
            if (answer > 0 && events[answer].Connection == delta.Connection)
            {
                events.Insert(answer, delta);
                return true;
            }
        }

        return false;
    }

    private static bool StaleDelta(List<FrameEvent> events)
    {
        var (first, second) = Pairs(events).Last();
        events.Insert(second + 1, events[first] with { UnixMs = events[second].UnixMs });
        return true;
    }

    private static bool StaleSnapshot(List<FrameEvent> events)
    {
        var (first, second) = Pairs(events).Last();
        var key = (string)events[first].Json["key"]!;
        var snapshot = events.FindLast(each => Snapshot("recovery")(each)
            && each.Client == events[first].Client && IsKey(each, key));
        if (snapshot is null)
        {
            return false;
        }

        events.Insert(second + 1, snapshot.With(frame => frame["cause"] = "resync")
            with { UnixMs = events[second].UnixMs, Connection = events[second].Connection });
        return true;
    }

    private static bool NoAnswers(List<FrameEvent> events) =>
        events.RemoveAll(each => each.IsSent("rendered")) > 0;

    private static bool PatchOfNewRow(List<FrameEvent> events)
    {
        for (var index = 0; index < events.Count; index++)
        {
            // Only a frame that brings the cut's order can bring a row that was not in it.
            if (!RowsDelta(events[index]) || events[index].Json["order"] is null || !IsMet(events, index))
            {
                continue;
            }

            var entered = events[index].Json["rows"]!.AsObject().FirstOrDefault(row =>
                row.Value is JsonObject value && value.Count > 2 && value.ContainsKey("n") && !HeldRow(row.Key));
            if (entered.Key is not null)
            {
                events[index] = events[index].With(frame => frame["rows"]![entered.Key]!.AsObject().Remove(
                    entered.Value!.AsObject().First(member => member.Key != "n").Key));
                return true;
            }

            bool HeldRow(string key) => events.Take(index).Last(each => each.Client == events[index].Client
                && each.IsReceived("rows") && each.Json["order"] is not null).Json["order"]!.AsArray()
                .Any(each => (string)each! == key);
        }

        return false;
    }

    private static bool NoRate(List<FrameEvent> events)
    {
        foreach (var (index, frame) in events.Index().ToList())
        {
            if (frame.IsSent("subscribe") && IsKey(frame, "K4"))
            {
                events[index] = frame.With(json => json["maxRate"] = 1);
            }
        }

        return true;
    }
}
