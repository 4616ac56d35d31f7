namespace AkkaFeeds.Definitions.Files;

/// <summary>The options of the file's root. A row here is all that a new option needs: reading, overriding,
/// suggestions and
/// documentation follow from it.</summary>
internal static class RootTable
{
    private const string NotYet = "`serve` refuses `auth` in this release";
    private const string Refused = "one more is refused (`limit`)";
    private static readonly FeedsOptions Initial = new();
    private static readonly Kind<string> BrokerKind = Kinds.Checked(
        "host:port", "127.0.0.1:9092", "port 1 to 65535", text => text == KafkaRules.Embedded ? ("", "")
            : BrokerTrouble(text));

    /// <summary>All rows in the order of the documentation.</summary>
    public static IReadOnlyList<Option<FeedsOptions>> Options { get; } =
        [.. Source(), .. Serving(), .. Cluster(), .. Auth(), .. State(), .. Clients(), .. Limits(),
            .. GraphQl()];

    private static IEnumerable<Option<FeedsOptions>> Source() =>
    [
        Row("kafka.brokers", Many(BrokerKind, "127.0.0.1:9092"), "", KafkaRules.WithBrokers,
            "The brokers to start from; or `embedded` for a Kafka inside the process, which forgets when it stops.",
            "with `embedded` the store is `temporary`", isRequired: true),
        Row("kafka.group", Kinds.Checked("a text", "akkafeeds", "1 to 255 characters", GroupTrouble),
            Initial.Kafka.Group,
            (o, v) => o with { Kafka = o.Kafka with { Group = v } },
            "The consumer group. The progress written there is for Kafka's tools; the ledger is what counts.",
            "two installations with one group take partitions from each other"),
        Row("kafka.properties",
            new MapKind<string>(Kinds.Text("a text", "eu-1a"), Names.PropertyTrouble)
            {
                Name = "a mapping", Example = "{ client.rack: eu-1a }", Range = "librdkafka's names",
                IsEmptyAllowed = true,
            }, "",
            (o, v) => o with { Kafka = o.Kafka with { Properties = v.ToDictionary(p => p.Key, p => p.Value) } },
            "Settings handed to librdkafka as they are: `security.protocol`, `sasl.*`, `ssl.*` and others. Secrets print as `***`.",
            "those that the protocol owns (`group.id`, `isolation.level`, `enable.auto.*`, `auto.offset.reset`, ...) are refused"),
        Row("kafka.schemaRegistry.url", Addresses.ReadUrl("http://127.0.0.1:8081"), "",
            (o, v) => o with { Kafka = o.Kafka with { SchemaRegistryUrl = v } },
            "The schema registry.", "no format of this release reads it"),
        Row("store", StoreRules.Kind, StoreRules.Kind.Show(Initial.Store), (o, v) => o with { Store = v },
            "Where checkpoints and ledgers are durable: `sqlite:PATH`, `postgres:CONNECTION STRING`, or `temporary` (a folder "
            + "deleted at exit). A relative path starts at the file's folder.",
            "`temporary` needs the embedded Kafka, and the embedded Kafka needs `temporary`; `sqlite` is for one node",
            note: "`sqlite:data/akkafeeds.db`; with `embedded`: `temporary`"),
    ];

    private static IEnumerable<Option<FeedsOptions>> Serving() =>
    [
        Row("http.urls", Many(Addresses.ListenUrl("http://127.0.0.1:8080"), "http://127.0.0.1:8080"),
            Initial.Http.Urls[0],
            (o, v) => o with { Http = o.Http with { Urls = v } },
            "Where browsers and programs connect. Port 0 takes a free one.",
            "other hosts than loopback need `auth`, which this release refuses: a proxy on this machine reaches further"),
        Row("http.origins", Many(Addresses.Origin("https://board.example.org"), "https://board.example.org"), "",
            (o, v) => o with { Http = o.Http with { Origins = v } },
            "The pages of other origins that may read and watch, over HTTP, SSE, WebSocket and GraphQL: exactly these. The "
            + "pages of the very address that is asked always may. Behind a proxy, name the origin "
            + "under which browsers see it here: other host names than these and `localhost` are none of this server's.",
            "another page, and who asks under another name, is refused (`forbidden`); programs, which name no origin, are not"),
        .. HttpLimits(),
        Row("admin.urls", Many(Addresses.ListenUrl("http://127.0.0.1:9120"), "http://127.0.0.1:9120"),
            Initial.Admin.Urls[0],
            (o, v) => o with { Admin = new AdminOptions { Urls = v } },
            "Where health, metrics and the operator's shell connect. Port 0 takes a free one.",
            "who reaches it may operate the node: keep it on loopback or behind a firewall"),
        Row("checkpoint.every", Kinds.Duration("10ms", "1h", "1s"), Units.ShowDuration(Initial.Checkpoint.Every),
            (o, v) => o with { Checkpoint = new CheckpointOptions { Every = v } },
            "The time between two checkpoints of a slot, behind which Kafka's commit follows.",
            "stretched, visibly, when a checkpoint takes longer than half of it"),
        Row("feeds", FeedTable.Kind, "", (o, v) => o with { Feeds = v },
            "The feeds by name: `[a-z][a-z0-9-]{0,62}`.", "at least one", isRequired: true),
    ];

    private static IEnumerable<Option<FeedsOptions>> HttpLimits() =>
    [
        Row("http.headerBytes", Kinds.Size("4KiB", "1MiB", "32KiB"), Units.ShowSize(Initial.Http.HeaderBytes),
            (o, v) => o with { Http = o.Http with { HeaderBytes = v } },
            "All headers of a request.", "more are refused (`too-large`, 431)"),
        Row("http.targetBytes", Kinds.Size("1KiB", "1MiB", "192KiB"), Units.ShowSize(Initial.Http.TargetBytes),
            (o, v) => o with { Http = o.Http with { TargetBytes = v } },
            "The target of a request; the default takes a hundred of the longest keys.",
            "a longer one is refused (`too-large`, 414)"),
        Row("http.bodyBytes", Kinds.Size("1KiB", "16MiB", "16KiB"), Units.ShowSize(Initial.Http.BodyBytes),
            (o, v) => o with { Http = o.Http with { BodyBytes = v } },
            "The body of a request.", "a larger one is refused (`too-large`)"),
        Row("http.headerTimeout", Kinds.Duration("100ms", "1m", "10s"), Units.ShowDuration(Initial.Http.HeaderTimeout),
            (o, v) => o with { Http = o.Http with { HeaderTimeout = v } },
            "How long the head of a request may take to come.", "then the connection ends (408)"),
        Row("http.idleTimeout", Kinds.Duration("1s", "1h", "2m"), Units.ShowDuration(Initial.Http.IdleTimeout),
            (o, v) => o with { Http = o.Http with { IdleTimeout = v } },
            "How long a connection may wait between two requests.", "then it ends"),
        Row("http.bodyRate", Kinds.Size("1", "1MiB", "240"), Units.ShowSize(Initial.Http.BodyRate),
            (o, v) => o with { Http = o.Http with { BodyRate = v } },
            "The least bytes a second in which the body of a request comes, and an answer that is no stream is taken.",
            "what is slower for longer than `http.bodyGrace` ends (408, or the connection is cut)"),
        Row("http.bodyGrace", Kinds.Duration("2s", "1h", "10s"), Units.ShowDuration(Initial.Http.BodyGrace),
            (o, v) => o with { Http = o.Http with { BodyGrace = v } },
            "How long a body may be slower than `http.bodyRate`.", "then it ends"),
        Row("http.ping", Kinds.Duration("1s", "1h", "15s"), Units.ShowDuration(Initial.Http.Ping),
            (o, v) => o with { Http = o.Http with { Ping = v } },
            "After how long without a frame from the other end of a WebSocket or an HTTP/2 connection it is pinged.",
            "what does not answer within `http.pingTimeout` is cut"),
        Row("http.pingTimeout", Kinds.Duration("1s", "1h", "15s"), Units.ShowDuration(Initial.Http.PingTimeout),
            (o, v) => o with { Http = o.Http with { PingTimeout = v } },
            "How long the other end may take to answer a ping.", "then the connection is cut"),
        Row("http.streams", Kinds.Whole(1, 1_000), Number(Initial.Http.Streams),
            (o, v) => o with { Http = o.Http with { Streams = v } },
            "The streams at once of one HTTP/2 connection.",
            "one more is refused; a connection that goes on opening and resetting streams is ended"),
        Row("http.deadPeer", Kinds.Duration("1s", "1h", "8s"), Units.ShowDuration(Initial.Http.DeadPeer),
            (o, v) => o with { Http = o.Http with { DeadPeer = v } },
            "How long the other end of a stream may acknowledge nothing that was sent to it (Linux).",
            "then the connection is cut; who acknowledges and does not read is a matter of `slow.timeout`"),
    ];

    private static IEnumerable<Option<FeedsOptions>> Cluster() =>
    [
        Row("cluster.host", Kinds.Checked("a host", "127.0.0.1", "a name or an address", HostTrouble),
            new ClusterOptions().Host,
            (o, v) => o with { Cluster = Node(o) with { Host = v } },
            "The host under which other nodes reach this one.", "without `cluster` the process is alone"),
        Row("cluster.port", Kinds.Whole(0, 65_535), "0", (o, v) => o with { Cluster = Node(o) with { Port = v } },
            "The port for other nodes; 0 takes a free one.", "a seed needs a fixed one"),
        Row("cluster.bind", Addresses.HostAndPort("0.0.0.0:4053"), "",
            (o, v) => o with { Cluster = Node(o) with { Bind = v } },
            "Where this node listens for the others, as `host:port`, where a port is forwarded to it.",
            "left out: `cluster.host` and `cluster.port`"),
        Row("cluster.seeds", Many(Addresses.HostAndPort("127.0.0.1:4053"), "127.0.0.1:4053"), "",
            (o, v) => o with { Cluster = Node(o) with { Seeds = v } },
            "The nodes to join, as `host:port`.", "more than one refuses `sqlite`: nodes share a database"),
        Row("cluster.roles", Many(Kinds.OneOf([.. ClusterOptions.AllRoles]), "ingest"),
            string.Join(", ", ClusterOptions.AllRoles), (o, v) => o with { Cluster = Node(o) with { Roles = v } },
            "What this node does: `ingest` reads Kafka, `state` owns slots, `edge` serves clients.",
            "a cluster needs a node of each"),
    ];

    private static IEnumerable<Option<FeedsOptions>> Auth() =>
    [
        Row("auth.issuer", Kinds.Text("a text", "https://id.example.org"), "",
            (o, v) => o with { Auth = Token(o) with { Issuer = v } },
            "The issuer that a token must name.",
            $"another is refused (`unauthenticated`); {NotYet}", isRequired: true),
        Row("auth.audience", Kinds.Text("a text", "akkafeeds"), "",
            (o, v) => o with { Auth = Token(o) with { Audience = v } },
            "The audience that a token must name.",
            $"another is refused (`unauthenticated`); {NotYet}", isRequired: true),
        Row("auth.keys", AuthRules.Keys, "", (o, v) => o with { Auth = Token(o) with { Keys = v } },
            "The keys of the issuer, a JWKS: a file, or an http(s) URL.",
            $"a file that is not there is an error at start; {NotYet}",
            isRequired: true),
        Row("auth.tenant", Kinds.Text("a claim", "tenant"), "", (o, v) =>
            o with { Auth = Token(o) with { Tenant = v } },
            "The claim that holds the client's tenant.",
            $"left out: each client belongs to the tenant `''`; {NotYet}"),
    ];

    private static IEnumerable<Option<FeedsOptions>> State() =>
    [
        Row("quarantine.bytes", Kinds.Size("0", "1TiB", "64MiB"), Units.ShowSize(Initial.Quarantine.Bytes),
            (o, v) => o with { Quarantine = new QuarantineOptions { Bytes = v } },
            "The bytes of quarantined records that a partition's ledger keeps.",
            "beyond it position and reason are kept, and a retry reads the record from Kafka"),
        Row("key.bytes", Kinds.Size("1KiB", "256MiB", "8MiB"), Units.ShowSize(Initial.Key.Bytes),
            (o, v) => o with { Key = new KeyOptions { Bytes = v } },
            "The largest state of one key.", "the record that would exceed it is quarantined (`limit`)"),
        Row("top.items", Kinds.Whole(1, 10_000_000), Number(Initial.Top.Items),
            (o, v) => o with { Top = new TopOptions { Items = v } },
            "The distinct items of one `top` in one key.",
            "the record that would add one more is quarantined (`limit`)"),
        Row("ids.keep", Kinds.Whole(1, 100_000_000), Number(Initial.Ids.Keep),
            (o, v) => o with { Ids = new IdsOptions { Keep = v } },
            "The identities that one key remembers, so that a later record corrects an earlier one.",
            "the record that would add one more is quarantined (`limit`)"),
    ];

    private static IEnumerable<Option<FeedsOptions>> Clients() =>
    [
        Row("marks.every", Kinds.Duration("50ms", "1m", "500ms"), Units.ShowDuration(Initial.Marks.Every),
            (o, v) => o with { Marks = new MarksOptions { Every = v } },
            "The least time between two marks to a client.",
            "while a mark is unanswered for longer, views are held back and merged"),
        Row("slow.timeout", Kinds.Duration("1s", "1h", "30s"), Units.ShowDuration(Initial.Slow.Timeout),
            (o, v) => o with { Slow = new SlowOptions { Timeout = v } },
            "How long a socket may take no byte while some are pending.", "then it is closed (4008)"),
        Row("flush", Kinds.Duration("10ms", "1s", "100ms"), Units.ShowDuration(Initial.Flush),
            (o, v) => o with { Flush = v },
            "The longest time that a busy client's changes are gathered for one write.",
            "an idle client is written at once"),
        Row("collections.perFeed", Kinds.Whole(1, 10_000), Number(Initial.Collections.PerFeed),
            (o, v) => o with { Collections = new CollectionsOptions { PerFeed = v } },
            "The distinct collection queries of a feed on a node.", Refused),
    ];

    private static IEnumerable<Option<FeedsOptions>> Limits() =>
    [
        Row("limits.subscriptions", Kinds.Whole(1, 100_000), Number(Initial.Limits.Subscriptions),
            (o, v) => o with { Limits = o.Limits with { Subscriptions = v } },
            "The subscriptions of one connection.", Refused),
        Row("limits.frameBytes", Kinds.Size("1KiB", "16MiB", "16KiB"), Units.ShowSize(Initial.Limits.FrameBytes),
            (o, v) => o with { Limits = o.Limits with { FrameBytes = v } },
            "The largest frame from a client.", "a larger one closes the connection (1009)"),
        Row("limits.commands", Kinds.Whole(1, 100_000), Number(Initial.Limits.Commands),
            (o, v) => o with { Limits = o.Limits with { Commands = v } },
            "The frames a second that a connection may send in the long run; at once four times as many, or two for each "
            + "of `limits.subscriptions`.",
            "more are dropped (`rate`, told once a second), and who goes on is closed (4009)"),
        Row("limits.writeBytes", Kinds.Size("1KiB", "16MiB", "64KiB"), Units.ShowSize(Initial.Limits.WriteBytes),
            (o, v) => o with { Limits = o.Limits with { WriteBytes = v } },
            "The bytes after which a write to a client takes no further view.", "the rest follows in the next write"),
        Row("limits.unreadBytes", Kinds.Size("4KiB", "16MiB", "256KiB"), Units.ShowSize(Initial.Limits.UnreadBytes),
            (o, v) => o with { Limits = o.Limits with { UnreadBytes = v } },
            "The bytes of answers (to commands and pings, and errors) that wait for a client that does not read them.",
            "beyond them it is closed (4008)"),
        Row("limits.connections", Kinds.Whole(1, 1_000_000), Number(Initial.Limits.Connections),
            (o, v) => o with { Limits = o.Limits with { Connections = v } },
            "The client connections of a node.", "one more is closed (4011)"),
        Row("limits.connectionRate", Kinds.Whole(1, 1_000_000), Number(Initial.Limits.ConnectionRate),
            (o, v) => o with { Limits = o.Limits with { ConnectionRate = v } },
            "The streams (WebSocket, SSE, GraphQL) a second that a node lets in, in the long run; a fifth of it at once.",
            "one more waits for up to 2.5 s, or is told when to come back (4011, or 503 with `Retry-After`); while some "
            + "wait, new connections are looked at twice as fast as this, each within 4 s; streams that have ended are "
            + "cleared away twice as fast as this, each within 10 s"),
        Row("limits.connectionsPerAddress", Kinds.Whole(0, 1_000_000), Number(Initial.Limits.ConnectionsPerAddress),
            (o, v) => o with { Limits = o.Limits with { ConnectionsPerAddress = v } },
            "The streams (WebSocket, SSE, GraphQL) at once of one address, of IPv6 its first 64 bits; 0 for any number. All "
            + "clients behind a proxy have the proxy's address: there, let the proxy limit them.",
            "one more is told when to come back (4011, or 503 with `Retry-After`)"),
        Row("limits.longPolls", Kinds.Whole(0, 1_000_000), Number(Initial.Limits.LongPolls),
            (o, v) => o with { Limits = o.Limits with { LongPolls = v } },
            "The long polls (`?wait=`) that a node holds at once; each watches its key, blank or not. 0 refuses all.",
            "one more is told when to come back (503 with `Retry-After`); who asks without `wait` is answered"),
        Row("limits.blankKeys", Kinds.Whole(0, 100_000), Number(Initial.Limits.BlankKeys),
            (o, v) => o with { Limits = o.Limits with { BlankKeys = v } },
            "The keys without a record that one connection may watch.", Refused),
        Row("limits.blankKeysPerTenant", Kinds.Whole(0, 10_000_000), Number(Initial.Limits.BlankKeysPerTenant),
            (o, v) => o with { Limits = o.Limits with { BlankKeysPerTenant = v } },
            "The keys without a record that one tenant may watch on a node.", Refused),
    ];

    private static IEnumerable<Option<FeedsOptions>> GraphQl() =>
    [
        Row("graphql.depth", Kinds.Whole(3, 100), Number(Initial.GraphQl.Depth),
            (o, v) => o with { GraphQl = o.GraphQl with { Depth = v } },
            "How deep the fields of a GraphQL operation may be nested; introspection takes 13.",
            "a deeper one is refused (`limit`)"),
        Row("graphql.complexity", Kinds.Whole(10, 10_000_000), Number(Initial.GraphQl.Complexity),
            (o, v) => o with { GraphQl = o.GraphQl with { Complexity = v } },
            "The fields that the answer to a GraphQL operation may have, each row of a collection counted.",
            "one that may have more is refused (`limit`)"),
        Row("graphql.initTimeout", Kinds.Duration("100ms", "10m", "10s"),
            Units.ShowDuration(Initial.GraphQl.InitTimeout),
            (o, v) => o with { GraphQl = o.GraphQl with { InitTimeout = v } },
            "How long a connection of `graphql-transport-ws` may take to send `connection_init`.",
            "then it is closed (4408)"),
    ];

    private static Option<FeedsOptions, T> Row<T>(
        string path, Kind<T> kind, string initial, Func<FeedsOptions, T, FeedsOptions> set, string doc, string effect,
        bool isRequired = false, string? note = null) =>
        new(kind, initial, set) { Path = path, Doc = doc, Effect = effect, IsRequired = isRequired,
            DefaultNote = note };

    private static ListKind<string> Many(Kind<string> item, string example) =>
        new(item) { Name = "a list", Example = example, Range = $"{item.Range}; one or several" };

    private static string Number(int value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static ClusterOptions Node(FeedsOptions options) => options.Cluster ?? new ClusterOptions();

    private static AuthOptions Token(FeedsOptions options) => options.Auth ?? new AuthOptions();

    private static (string Problem, string Suggestion) BrokerTrouble(string text) =>
        Suggest.Nearest(text, [KafkaRules.Embedded]) is { } near
            ? ("is neither host:port nor embedded", $"did you mean {near}?")
            : Addresses.HostAndPortTrouble(text, "127.0.0.1:9092");

    private static (string Problem, string Suggestion) GroupTrouble(string text) =>
        text.Length <= 255 ? ("", "") : ("is longer than 255 characters", "shorten it");

    private static (string Problem, string Suggestion) HostTrouble(string text) =>
        Uri.CheckHostName(text) != UriHostNameType.Unknown
            ? ("", "") : ("is not a host's name or address", "write one such as 127.0.0.1");
}
