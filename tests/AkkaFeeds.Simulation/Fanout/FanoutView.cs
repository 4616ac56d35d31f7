using System.Text.Json.Nodes;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Simulation.Fanout;

/// <summary>
/// What a client holds of one key, by the rules of the wire alone, and the checks of what it is sent: never back, and
/// always what the log says at the position that the frame names.
/// </summary>
internal sealed class FanoutView(string key, Func<long, string?> viewAt)
{
    private JsonNode? data;
    private bool answered;

    public string? Epoch { get; private set; }

    public long Version { get; private set; } = -1;

    public Dictionary<string, long> Positions { get; private set; } = [];

    public string State { get; private set; } = "none";

    /// <summary>The fields of what is held, or null for all.</summary>
    public FieldSelection? Fields { get; private set; }

    /// <summary>
    /// Subscribes without a resume over a new connection: the server knows nothing of what is held, and replaces it.
    /// </summary>
    public void Forget() => (Epoch, Version, Positions) = (null, -1, []);

    /// <summary>A connection begins: nothing has been answered on it.</summary>
    public void Connect() => answered = false;

    public string Text => data?.ToJsonString() ?? "null";

    /// <summary>Takes a frame; true where the client has to subscribe again without resume.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="fields">What was subscribed when it was written.</param>
    public bool On(JsonObject frame, FieldSelection? fields)
    {
        Fields = (string)frame["op"]! == "snapshot" ? fields : Fields;
        switch ((string)frame["op"]!)
        {
            case "snapshot":
                Snapshot(frame);
                return false;
            case "resumed":
                Require((string)frame["epoch"]! == Epoch && (long)frame["version"]! == Version,
                    $"resumed as {frame}, held {Epoch} {Version}");
                answered = true;
                return false;
            case "state":
                State = (string)frame["state"]!;
                return false;
            case "delta":
                return Delta(frame);
            default:
                throw new ViolationException($"{key}: an unknown frame {frame}");
        }
    }

    private void Snapshot(JsonObject frame)
    {
        var version = (long)frame["version"]!;
        var epoch = (string)frame["epoch"]!;
        Require(epoch != Epoch || version >= Version, $"version {version} after {Version} of {epoch}");
        answered = true;
        (Epoch, Version, data, State) = (epoch, version, frame["data"]?.DeepClone(), (string)frame["state"]!);
        var positions = PositionsOf(frame);
        foreach (var (partition, held) in Positions)
        {
            Require(
                positions.GetValueOrDefault(partition, -1) >= held,
                $"position {partition} goes back from {held} in {frame}");
        }

        Positions = positions;
        Check(frame);
    }

    private bool Delta(JsonObject frame)
    {
        Require(answered, $"a delta before the first frame: {frame}");
        var version = (long)frame["version"]!;
        var from = (long)frame["base"]!;
        if (version <= Version && (string)frame["epoch"]! == Epoch)
        {
            return false;
        }

        if ((string)frame["epoch"]! != Epoch || from > Version)
        {
            return true;
        }

        foreach (var (partition, position) in PositionsOf(frame))
        {
            Require(
                position >= Positions.GetValueOrDefault(partition, -1), $"position {partition} goes back in {frame}");
            Positions[partition] = position;
        }

        Version = version;
        data = JsonPatch.Merge(data, frame["data"]);
        Check(frame);
        return false;
    }

    private void Check(JsonObject frame)
    {
        var expected = viewAt(Positions.GetValueOrDefault("0", -1));
        var wanted = expected is null ? null : Project(JsonNode.Parse(expected)!.AsObject());
        Require(JsonNode.DeepEquals(data, wanted), $"shows {Text}, the log says {wanted} behind {frame}");
    }

    /// <summary>The fields of a view that are subscribed.</summary>
    public JsonObject Project(JsonObject whole) => Fields is null ? whole
        : new JsonObject(whole.Where(field => Fields.Contains(field.Key))
            .Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));

    private static Dictionary<string, long> PositionsOf(JsonObject frame) =>
        frame["pos"]!.AsObject().ToDictionary(pair => pair.Key, pair => (long)pair.Value!);

    private void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new ViolationException($"{key}: {what}");
        }
    }
}
