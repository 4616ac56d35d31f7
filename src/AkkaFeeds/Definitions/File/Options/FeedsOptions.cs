namespace AkkaFeeds.Definitions.Files;

/// <summary>The whole of one feeds file after overrides: checked, with the defaults filled in.</summary>
/// <remarks>Immutable; made by <see cref="FeedsFile.Load"/>. The meaning, unit, default and range of each value, and
/// what
/// happens at its limit, are in <c>docs/configuration.md</c>, which is made from the same table that reads the
/// file.</remarks>
public sealed record FeedsOptions
{
    /// <summary>The source: section <c>kafka</c>.</summary>
    public KafkaOptions Kafka { get; init; } = new();

    /// <summary>Where state is kept: <c>store</c>.</summary>
    public StoreOptions Store { get; init; } = new();

    /// <summary>The edge that browsers and programs use: section <c>http</c>.</summary>
    public HttpOptions Http { get; init; } = new();

    /// <summary>The operator's port: section <c>admin</c>.</summary>
    public AdminOptions Admin { get; init; } = new();

    /// <summary>When state becomes durable: section <c>checkpoint</c>.</summary>
    public CheckpointOptions Checkpoint { get; init; } = new();

    /// <summary>The feeds in the file's order; at least one.</summary>
    public IReadOnlyList<FeedDefinition> Feeds { get; init; } = [];

    /// <summary>Section <c>cluster</c>; null for a single process.</summary>
    public ClusterOptions? Cluster { get; init; }

    /// <summary>Whether this process has a role: a single one has all.</summary>
    public bool Has(string role) => Cluster is null || Cluster.Roles.Contains(role);

    /// <summary>
    /// Section <c>auth</c>; null where nobody is asked who he is, which is allowed on loopback only.
    /// </summary>
    public AuthOptions? Auth { get; init; }

    /// <summary>Section <c>quarantine</c>.</summary>
    public QuarantineOptions Quarantine { get; init; } = new();

    /// <summary>Section <c>key</c>.</summary>
    public KeyOptions Key { get; init; } = new();

    /// <summary>Section <c>top</c>.</summary>
    public TopOptions Top { get; init; } = new();

    /// <summary>Section <c>ids</c>.</summary>
    public IdsOptions Ids { get; init; } = new();

    /// <summary>Section <c>marks</c>.</summary>
    public MarksOptions Marks { get; init; } = new();

    /// <summary>Section <c>slow</c>.</summary>
    public SlowOptions Slow { get; init; } = new();

    /// <summary>Section <c>collections</c>.</summary>
    public CollectionsOptions Collections { get; init; } = new();

    /// <summary>
    /// The longest time that a busy client's changes are gathered for one write; 10 ms to 1 s, default 100 ms.
    /// </summary>
    public TimeSpan Flush { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Section <c>limits</c>.</summary>
    public LimitsOptions Limits { get; init; } = new();

    /// <summary>Section <c>graphql</c>.</summary>
    public GraphQlOptions GraphQl { get; init; } = new();
}
