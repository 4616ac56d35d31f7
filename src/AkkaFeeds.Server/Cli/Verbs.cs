using AkkaFeeds.Server.Demo;

namespace AkkaFeeds.Server.Cli;

/// <summary>The verbs of this release, and the words that a later one will have.</summary>
internal static class Verbs
{
    private static readonly VerbOption Set = new(
        "--set", "SECTION.NAME=VALUE", "overrides one value of the file", Repeats: true);

    private static readonly VerbOption Json = new("--json", null, "one JSON document on stdout and nothing else");

    private static readonly VerbOption Http = new(
        "--http", "ADDR", "where clients come (http.urls), host:port; port 0 takes a free one");

    private static readonly VerbOption Admin = new(
        "--admin", "ADDR", "where operators come (admin.urls), host:port; port 0 takes a free one");

    public static IReadOnlyList<Verb> All { get; } =
    [
        new(
            "demo", null, 0, 0, "replays real US flights into an embedded Kafka and serves them until Ctrl+C",
            [
                Http,
                Admin,
                new("--rate", "N", "records a second, 1 to 50,000 (200)"),
                new("--broker", "HOST:PORT", "replays into the topic akkafeeds-demo-flights of a real Kafka instead; "
                    + "wants --data"),
                new("--data", "DIR", "keeps the store in a folder; wants --broker, as the embedded Kafka forgets"),
            ],
            "akkafeeds demo --http 127.0.0.1:8080 --rate 1000",
            () => $"The file that it serves, a start for your own:\n\n{DemoFile.Text()}"),
        new(
            "serve", "FILE", 1, 1, "reads the topics of FILE, keeps its views, and serves them over HTTP until Ctrl+C",
            [Set, Http, Admin],
            "akkafeeds serve feeds.yaml --http 127.0.0.1:8080"),
        new(
            "check", "FILE", 1, 1, "says everything that is wrong with FILE, and what would become of records",
            [
                Set,
                new("--sample", "N", "reads the newest N records of each topic and counts what would become of them"),
                new("--explain", "POSITION", "reads the record at topic/partition:offset and tells each step",
                    Repeats: true),
                Json,
            ],
            "akkafeeds check feeds.yaml --sample 1000"),
        new(
            "test", "FILE", 1, 1000, "folds the records of each vector in FILE and compares views and outcomes",
            [Json],
            "akkafeeds test docs/language/views.json"),
        new(
            "feed", "VERB FEED", 2, 2, "resume FEED: goes on where its topic has lost records before they were read",
            [
                new("--yes", null, "lets the lost records go; without it they are listed, and nothing changes"),
                new("--admin", "URL", "a node's admin port (AKKAFEEDS_ADMIN, or http://127.0.0.1:9120)"),
                Json,
            ],
            "akkafeeds feed resume flights --yes"),
        new("help", "VERB", 0, 1, "explains the verbs, or one of them", [], "akkafeeds help serve"),
    ];

    /// <summary>The design's other words: whoever types one learns that it is not a slip of the fingers.</summary>
    public static IReadOnlyList<string> Later { get; } =
    [
        "actor", "audit", "client", "cluster", "config", "drill", "health", "key", "log", "quarantine",
        "replay",
        "shadow", "sharding", "shell", "status", "top", "types",
    ];
}
