using AkkaFeeds.Freshness;

namespace AkkaFeeds.Nodes;

/// <summary>What a node needs to tell the others of itself.</summary>
/// <param name="Board">Who reads which partition, and how the slots are.</param>
/// <param name="Topics">The topics of each feed.</param>
/// <param name="TopicIdOf">Kafka's id of a topic, or null.</param>
/// <param name="SetTopicId">Remembers the id of a topic.</param>
/// <param name="RolesMissing">Is told what the cluster lacks, or null.</param>
/// <param name="Met">Is told the address of each other node.</param>
/// <param name="CutOff">Is told the address of a node that takes nothing from this incarnation any more.</param>
/// <param name="Clock">The clock.</param>
internal sealed record NodesDependencies(
    FreshnessBoard Board, IReadOnlyDictionary<string, IReadOnlyList<string>> Topics, Func<string, string?> TopicIdOf,
    Action<string, string> SetTopicId, Action<string?> RolesMissing, Action<string> Met,
    Action<string> CutOff, TimeProvider Clock);
