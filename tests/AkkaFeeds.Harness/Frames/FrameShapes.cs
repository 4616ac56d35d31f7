using System.Text.Json;
using System.Text.RegularExpressions;

namespace AkkaFeeds.Harness;

/// <summary>
/// The members of every frame of the server, their types and which may be missing; nothing else may stand there.
/// </summary>
internal static partial class FrameShapes
{
    public static readonly string[] States = ["live", "stale", "partial", "rebuilding", "blank"];

    public static readonly string[] Reasons =
    [
        "recovering", "replaying", "source-unreachable", "partition-unowned", "behind-slo", "open-transaction",
        "store-down", "connection", "quarantined", "lost-range", "source-changed", "schema",
    ];

    public static readonly string[] Errors =
    [
        "bad-frame", "unknown-op", "unknown-feed", "unknown-field", "bad-key", "bad-sort", "limit", "rate",
        "unauthenticated", "forbidden", "not-ready", "too-large", "internal",
    ];

    public static readonly int[] CloseCodes =
        [1000, 1001, 1008, 1009, 4000, 4001, 4003, 4008, 4009, 4011, 4012];

    private static readonly string[] Causes = ["subscribe", "resync", "recovery", "cutover", "reset"];

    private static readonly Member[] StateMembers =
    [
        new("state", Word(States)), new("reason", Word(Reasons), false), new("since", Whole, false),
        new("progress", Share, false), new("missing", Partitions, false),
    ];

    private static readonly Dictionary<string, Member[]> Shapes = new()
    {
        ["welcome"] = [new("session", Text), new("now", Whole), new("limits", Limits)],
        ["snapshot"] =
        [
            new("feed", Text), new("key", Text), new("epoch", Epoch), new("version", Whole), new("data", ViewOrNull),
            .. StateMembers, new("at", Whole), new("pos", Positions), new("cause", Word(Causes)),
        ],
        ["resumed"] = [new("feed", Text), new("key", Text), new("epoch", Epoch), new("version", Whole)],
        ["delta"] =
        [
            new("feed", Text), new("key", Text), new("epoch", Epoch), new("base", Whole), new("version", Whole),
            new("data", Object), new("at", Whole), new("pos", Positions),
        ],
        ["state"] = [new("feed", Text), new("key", Text), .. StateMembers],
        ["rows"] =
        [
            new("feed", Text), new("id", AnyText), new("epoch", Epoch), new("base", Whole, false),
            new("version", Whole), new("order", Texts, false), new("rows", Object), new("states", RowStates, false),
            new("total", Whole, false), new("at", Whole, false),
        ],
        ["notice"] =
        [
            new("feed", Text), new("key", Text), new("name", Text), new("id", Text), new("at", Whole),
            new("data", Object),
        ],
        ["mark"] = [new("mark", Whole)],
        ["progress"] = [new("feeds", Feeds), new("now", Whole)],
        ["unsubscribed"] = [new("feed", Text), new("key", Text, false), new("id", AnyText, false)],
        ["pong"] = [new("t", Any, false), new("now", Whole)],
        ["error"] =
        [
            new("code", Word(Errors)), new("message", Text), new("feed", AnyText, false), new("key", AnyText, false),
            new("id", AnyText, false),
        ],
        ["bye"] =
        [
            new("code", CloseCode), new("reason", Text), new("retryAfter", Whole, false), new("url", Text, false),
        ],
    };

    /// <summary>What is wrong with a frame; null where nothing is.</summary>
    public static string? Find(JsonElement frame)
    {
        if (frame.ValueKind != JsonValueKind.Object || !frame.TryGetProperty("op", out var op)
            || op.ValueKind != JsonValueKind.String || !Shapes.TryGetValue(op.GetString()!, out var shape))
        {
            return "it has no known op";
        }

        foreach (var member in frame.EnumerateObject().Where(member => member.Name != "op"))
        {
            if (Array.Find(shape, each => each.Name == member.Name) is not { } known)
            {
                return $"{op}: {member.Name} is not a member";
            }

            if (!known.Fits(member.Value))
            {
                return $"{op}: {member.Name}: {member.Value.GetRawText()} does not fit";
            }
        }

        return Array.Find(shape, each => each.IsRequired && !frame.TryGetProperty(each.Name, out _)) is { } missing
            ? $"{op}: {missing.Name} is missing" : null;
    }

    private static bool Any(JsonElement value) => true;

    private static bool AnyText(JsonElement value) => value.ValueKind == JsonValueKind.String;

    private static bool Text(JsonElement value) => AnyText(value) && value.GetString()!.Length > 0;

    private static bool Whole(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var whole) && whole >= 0;

    private static bool Share(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.GetDouble() is >= 0 and <= 1;

    private static bool Object(JsonElement value) => value.ValueKind == JsonValueKind.Object;

    private static bool ViewOrNull(JsonElement value) => Object(value) || value.ValueKind == JsonValueKind.Null;

    private static bool Epoch(JsonElement value) => AnyText(value) && EpochText().IsMatch(value.GetString()!);

    private static bool CloseCode(JsonElement value) =>
        Whole(value) && CloseCodes.Contains(value.TryGetInt32(out var code) ? code : 0);

    private static bool Texts(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(Text);

    private static bool Partitions(JsonElement value) =>
        Texts(value) && value.GetArrayLength() > 0
        && value.EnumerateArray().All(each => PartitionText().IsMatch(each.GetString()!));

    private static bool Positions(JsonElement value) => Object(value)
        && value.EnumerateObject().All(each => PositionName().IsMatch(each.Name) && Whole(each.Value));

    private static bool RowStates(JsonElement value) =>
        Object(value) && value.EnumerateObject().All(each => Word(States)(each.Value));

    private static bool Limits(JsonElement value) => Object(value) && value.EnumerateObject().Count() == 2
        && value.TryGetProperty("subscriptions", out var subscriptions) && Whole(subscriptions)
        && value.TryGetProperty("frameBytes", out var frameBytes) && Whole(frameBytes);

    private static bool Feeds(JsonElement value) => Object(value) && value.EnumerateObject().All(feed =>
        Object(feed.Value) && feed.Value.EnumerateObject().Count() == 2
        && feed.Value.TryGetProperty("at", out var at) && Whole(at)
        && feed.Value.TryGetProperty("state", out var state) && Word(States)(state));

    private static Func<JsonElement, bool> Word(string[] words) =>
        value => value.ValueKind == JsonValueKind.String && words.Contains(value.GetString());

    [GeneratedRegex("^[A-Za-z0-9._]+$")]
    private static partial Regex EpochText();

    [GeneratedRegex("^[A-Za-z0-9._-]+/[0-9]+$")]
    private static partial Regex PartitionText();

    [GeneratedRegex(@"^[0-9]+(\.[0-9]+)?$")]
    private static partial Regex PositionName();

    private sealed record Member(string Name, Func<JsonElement, bool> Fits, bool IsRequired = true);
}
