namespace AkkaFeeds.Nodes;

/// <summary>
/// Which roles the cluster lacks, and what that means. A cluster whose nodes are on their way lacks them for a moment;
/// after <see cref="Grace"/> it is said. Pure.
/// </summary>
internal sealed class RoleWatch
{
    /// <summary>How long a role may be missing before it is said.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, TimeSpan> missingSince = [];
    private readonly HashSet<string> said = [];

    /// <summary>What an operator reads of the roles that are missing now; null where none is.</summary>
    public string? Missing { get; private set; }

    /// <summary>Takes the roles of the nodes that are up; gives the lines that are to be logged.</summary>
    public IReadOnlyList<(bool IsWarning, string Text)> Take(IReadOnlySet<string> present, TimeSpan now)
    {
        var lines = new List<(bool, string)>();
        foreach (var role in Definitions.Files.ClusterOptions.AllRoles)
        {
            if (present.Contains(role))
            {
                missingSince.Remove(role);
                if (said.Remove(role))
                {
                    lines.Add((false, $"The cluster has a node of role {role} again"));
                }
            }
            else if (missingSince.TryAdd(role, now) is false && now - missingSince[role] >= Grace && said.Add(role))
            {
                lines.Add((true, Text(role)));
            }
        }

        Missing = missingSince.Count == 0 ? null : string.Join("; ", missingSince.Keys.Order().Select(Text));
        return lines;
    }

    private static string Text(string role) => $"the cluster has no node of role {role}: " + role switch
    {
        "ingest" => "nobody reads Kafka, and feeds are stale (partition-unowned)",
        "state" => "no slot lives anywhere, and no key can be read",
        _ => "no node serves clients",
    };
}
