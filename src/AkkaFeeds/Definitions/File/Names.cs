using System.Text.RegularExpressions;

namespace AkkaFeeds.Definitions.Files;

/// <summary>What names may be made of: feeds, fields, topics, properties.</summary>
internal static partial class Names
{
    private static readonly Dictionary<string, string> Owned = new(StringComparer.OrdinalIgnoreCase)
    {
        ["group.id"] = "write kafka.group",
        ["bootstrap.servers"] = "write kafka.brokers",
        ["metadata.broker.list"] = "write kafka.brokers",
        ["isolation.level"] = "remove it; read_committed is what is read",
        ["auto.offset.reset"] =
            "remove it; the ledger says where reading starts, else it starts at the earliest record",
        ["auto.commit.interval.ms"] = "remove it; the ledger commits behind checkpoints",
        ["auto.commit.enable"] = "remove it; the ledger commits behind checkpoints",
        ["enable.partition.eof"] = "remove it; the consumer sets it",
        ["group.instance.id"] = "remove it; each process is a member with a name of its own",
        ["group.protocol"] = "remove it; the consumer sets it",
        ["group.remote.assignor"] = "remove it; the consumer sets it",
        ["partition.assignment.strategy"] = "remove it; the consumer sets it",
        ["offset.store.method"] = "remove it; the ledger is the only store of offsets",
        ["offset.store.path"] = "remove it; the ledger is the only store of offsets",
        ["test.mock.num.brokers"] = "write kafka.brokers: embedded",
    };

    /// <summary>What is wrong with a librdkafka property: the protocol owns some.</summary>
    public static (string Problem, string Suggestion) PropertyTrouble(string name) =>
        Owned.TryGetValue(name, out var way) ? ("the protocol owns it", way)
        : name.StartsWith("enable.auto.", StringComparison.OrdinalIgnoreCase)
            ? ("the protocol owns it", "remove it; the ledger commits behind checkpoints")
        : !Property().IsMatch(name) ? ("is not the name of a librdkafka setting", "write one such as client.rack")
        : ("", "");

    public static (string Problem, string Suggestion) FeedTrouble(string name) => FeedName().IsMatch(name)
        ? ("", "")
        : ("is not a feed's name", "write a to z first, then up to 62 of a to z, 0 to 9 and -");

    public static (string Problem, string Suggestion) NotifyTrouble(string name) => FeedName().IsMatch(name)
        ? ("", "")
        : ("is not a notification's name", "write a to z first, then up to 62 of a to z, 0 to 9 and -");

    public static (string Problem, string Suggestion) FieldTrouble(string name) =>
        name == "*" ? ("", "")
        : !FieldName().IsMatch(name)
            ? ("is not a field's name", "write A to Z, a to z first, then up to 62 of A to Z, a to z, 0 to 9 and _")
        : name[0] == '_' ? ("a leading _ is reserved",
            $"write {(name.TrimStart('_') is { Length: > 0 } rest ? rest : "a letter first")}")
        : ("", "");

    public static (string Problem, string Suggestion) TopicTrouble(string name) =>
        Topic().IsMatch(name) && name is not ("." or "..") ? ("", "")
        : ("is not a topic's name", "write 1 to 249 of A to Z, a to z, 0 to 9, . _ and -");

    [GeneratedRegex(@"^[a-z][a-z0-9-]{0,62}\z", RegexOptions.NonBacktracking)]
    private static partial Regex FeedName();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,62}\z", RegexOptions.NonBacktracking)]
    private static partial Regex FieldName();

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,249}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Topic();

    [GeneratedRegex(@"^[a-z][a-z0-9._]{1,99}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Property();
}
