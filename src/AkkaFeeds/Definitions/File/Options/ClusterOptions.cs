namespace AkkaFeeds.Definitions.Files;

/// <summary>Section <c>cluster</c>: this process as a node of several.</summary>
public sealed record ClusterOptions
{
    /// <summary>The roles that a node can have.</summary>
    public static IReadOnlyList<string> AllRoles { get; } = ["ingest", "state", "edge"];

    /// <summary>The host name or address under which the other nodes reach this one; default 127.0.0.1.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The port for the other nodes; 0 (the default) takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>
    /// Where this node listens for the others, as <c>host:port</c>, where that is not <see cref="Host"/> and
    /// <see cref="Port"/>: behind a forwarded port. Null (the default) for the same.
    /// </summary>
    public string? Bind { get; init; }

    /// <summary>The nodes to join, as <c>host:port</c>; empty for a cluster of its own.</summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>What this node does: some of ingest, state, edge; default all.</summary>
    public IReadOnlyList<string> Roles { get; init; } = AllRoles;
}
