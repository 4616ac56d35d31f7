namespace AkkaFeeds.Definitions.Files;

/// <summary>The options of one feed, and of one notification of it.</summary>
internal static class FeedTable
{
    private static readonly string[] Readable = ["json", "csv", "text"];
    private static readonly string[] Later = ["avro", "protobuf", "debezium", "cloudevents"];
    private static readonly FeedDefinition Initial = Empty("");

    private static readonly IReadOnlyList<Option<NotifyDefinition>> NotifyOptions =
    [
        new Option<NotifyDefinition, SourceText>(Expression("delayRate > 0.3"), "", (n, v) => n with { When = v })
        {
            Path = "when", Doc = "The condition over the view's fields.", Effect = "fires when it turns true",
            IsRequired = true,
        },
        new Option<NotifyDefinition, TimeSpan>(Kinds.Duration("0s", "365d", "10m"), "", (n, v) => n with { Every = v })
        {
            Path = "every", Doc = "The least time between two for one key.", Effect = "the next waits that long",
            IsRequired = true,
        },
    ];

    /// <summary>All rows in the order of the documentation.</summary>
    public static IReadOnlyList<Option<FeedDefinition>> Options { get; } =
        [.. Source(), .. Expressions(), .. Rules(), .. Shown()];

    /// <summary>The section <c>feeds</c>.</summary>
    public static TableKind<FeedDefinition> Kind { get; } = new(Options, Names.FeedTrouble, Empty, FeedRules.Check)
    {
        Name = "a mapping", Example = "a feed's name with from and view in it", EntryExample = "from and view in it",
        Range = "names `[a-z][a-z0-9-]{0,62}`",
    };

    /// <summary>A feed of which nothing is known but its name.</summary>
    public static FeedDefinition Empty(string name) => new() { Name = name, Topics = [], View = [] };

    private static IEnumerable<Option<FeedDefinition>> Source() =>
    [
        Row("from.topic", Kinds.Checked("a topic", "flights", "[A-Za-z0-9._-]{1,249}", Names.TopicTrouble), "",
            (f, v) => f with { Topics = [v] }, "The topic to read.", "`topic` or `topics`, not both"),
        Row("from.topics",
            new ListKind<string>(Kinds.Checked("a topic", "flights", "[A-Za-z0-9._-]{1,249}", Names.TopicTrouble))
            {
                Name = "a list", Example = "[a, b]", Range = "[A-Za-z0-9._-]{1,249}; one or several",
            }, "", (f, v) => f with { Topics = v }, "The topics to read.", "`topic` or `topics`, not both"),
        Row("from.format", Kinds.Checked("a word", "json", string.Join(", ", Readable), FormatTrouble), Initial.Format,
            (f, v) => f with { Format = v }, "How a record is decoded.",
            "avro, protobuf, debezium and cloudevents are not in this release"),
        Row("from.columns",
            new ListKind<string>(
                Kinds.Text("a name", "origin")) { Name = "a list", Example = "[a, b]", Range = "unique names" },
            "", (f, v) => f with { Columns = v }, "The names of a csv record's columns.", "left out: c1, c2, ..."),
    ];

    private static IEnumerable<Option<FeedDefinition>> Expressions() =>
    [
        Row("key", Expression("origin"), "", (f, v) => f with { Key = v },
            "The key of a record.",
            "left out: the Kafka key as text; no string and no whole number quarantines (`bad-key`)"),
        Row("tenant", Expression("$headers[\"tenant\"]"), "", (f, v) => f with { Tenant = v },
            "The tenant of a record.", "left out: the single tenant `''`"),
        Row("time", Expression("date"), "", (f, v) => f with { Time = v },
            "The event time.", "left out: the Kafka timestamp; unreadable quarantines (`time`)"),
        Row("where", Expression("distance > 0"), "", (f, v) => f with { Where = v },
            "Which records count.", "the others are counted as filtered"),
        Row("id", Expression("flight"), "", (f, v) => f with { Id = v },
            "The identity within the key: a later record corrects the earlier, a null value retracts it.",
            "left out: each record counts; refused in this release"),
    ];

    private static IEnumerable<Option<FeedDefinition>> Rules() =>
    [
        Row("late", Kinds.Duration("0s", "3650d", "10m"), "", (f, v) => f with { Late = v },
            "How much older than the newest before it in its partition a record may be.",
            "older: late, listed and counted; left out: none is late"),
        Row("ahead", Kinds.Duration("0s", "3650d", "1h"), "", (f, v) => f with { Ahead = v },
            "How far after its Kafka timestamp an event time may be.",
            "further quarantines (`future`); left out: no limit"),
        Row("windows", Kinds.OneOf("event", "wall"), "event", (f, v) => f with { WallWindows = v == "wall" },
            "Whose clock is the right edge of windows.",
            "`wall`: the server's; no aggregate of this release has a window"),
        Row("slots", Kinds.Whole(1, 1024), Initial.Slots.ToString(System.Globalization.CultureInfo.InvariantCulture),
            (f, v) => f with { Slots = v },
            "Into how many parts the keys are split: the unit of sharding and recovery.",
            "fixed for a store; a change needs a new one"),
    ];

    private static IEnumerable<Option<FeedDefinition>> Shown() =>
    [
        Row("view",
            new MapKind<SourceText>(Expression("count()"), Names.FieldTrouble)
            {
                Name = "a mapping", Example = "departures: count()",
                Range = "fields `[A-Za-z][A-Za-z0-9_]{0,62}`, or `\"*\"`",
            }, "", (f, v) => f with { View = v }, "The fields that clients see, each with its expression.",
            "a field without a value is absent", isRequired: true),
        Row("show",
            new ListKind<string>(Kinds.OneOf("late", "corrected"))
            {
                Name = "a list", Example = "[late, corrected]", Range = "late, corrected",
            }, "", (f, v) => f with { Show = v }, "Which counts of its own a view shows, as `_late` and `_corrected`.",
            "left out: none; `corrected` needs `id`; refused in this release"),
        Row("freshness.slo", Kinds.Duration("1ms", "365d", "2s"), "",
            (f, v) => f with { Freshness = f.Freshness with { Slo = v } },
            "How old a view may be.", "older is `stale` (`behind-slo`); left out: no promise"),
        Row("freshness.from", Kinds.OneOf("created", "event"), "created",
            (f, v) => f with { Freshness = f.Freshness with { FromEvent = v == "event" } },
            "From which instant the pipeline is measured: the Kafka timestamp or the event time.",
            "age stays on `created`"),
        Row("freshness.owner", Kinds.Text("a text", "ops"), "",
            (f, v) => f with { Freshness = f.Freshness with { Owner = v } }, "Who owns the feed.",
            "shown by `status`"),
        Row("freshness.contact", Kinds.Text("a text", "ops@example.org"), "",
            (f, v) => f with { Freshness = f.Freshness with { Contact = v } }, "How to reach the owner.",
            "shown by `status`"),
        Row("freshness.runbook", Kinds.Text("a text", "https://example.org/runbook"), "",
            (f, v) => f with { Freshness = f.Freshness with { Runbook = v } }, "Where the runbook is.",
            "shown by `status`"),
        Row("notify",
            new TableKind<NotifyDefinition>(NotifyOptions, Names.NotifyTrouble, EmptyNotify, static (_, _, _) => { })
            {
                Name = "a mapping", Example = "a name with when and every in it",
                EntryExample = "when and every in it", IsEmptyAllowed = true,
                Range = "names `[a-z][a-z0-9-]{0,62}`",
            }, "", (f, v) => f with { Notify = v }, "The notifications by name.",
            "left out: none; this release checks them and sends none"),
    ];

    private static NotifyDefinition EmptyNotify(string name) => new(name, new SourceText("", "", 0, 0), TimeSpan.Zero);

    private static Option<FeedDefinition, T> Row<T>(
        string path, Kind<T> kind, string initial, Func<FeedDefinition, T, FeedDefinition> set, string doc,
        string effect,
        bool isRequired = false) =>
        new(kind, initial, set) { Path = path, Doc = doc, Effect = effect, IsRequired = isRequired };

    private static ExpressionKind Expression(string example) => new() { Name = "an expression", Example = example };

    private static (string Problem, string Suggestion) FormatTrouble(string text) =>
        Readable.Contains(text) ? ("", "")
        : Later.Contains(text) ? ("this release does not read it", $"it reads {string.Join(", ", Readable)}")
        : ("is not a format", Suggest.For(text, Readable));
}
