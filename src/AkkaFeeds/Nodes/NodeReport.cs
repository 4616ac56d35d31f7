using AkkaFeeds.Contracts;
using AkkaFeeds.Freshness;

namespace AkkaFeeds.Nodes;

/// <summary>What a node says to every other one four times a second, and at once when something is new.</summary>
/// <param name="Node">The node, of one incarnation.</param>
/// <param name="SentAt">The node's own time, Unix ms: what it says of instants is in this time.</param>
/// <param name="Topics">The topics that the node knows.</param>
/// <param name="Lanes">The lanes of the node, and those that have ended there.</param>
/// <param name="Slots">The slots of the node.</param>
internal sealed record NodeReport(
    string Node, long SentAt, IReadOnlyList<NodeTopic> Topics, IReadOnlyList<NodeLane> Lanes,
    IReadOnlyList<NodeSlot> Slots) : IFeedMessage;

/// <summary>A topic of a feed.</summary>
/// <param name="Feed">The feed.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Id">Kafka's id of the topic; empty where the node has not met it.</param>
/// <param name="Partitions">How many partitions it has.</param>
internal sealed record NodeTopic(string Feed, string Topic, string Id, int Partitions);

/// <summary>A lane of the node.</summary>
/// <param name="Feed">The feed.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Entry">What the node knows of it, in the node's own time.</param>
internal sealed record NodeLane(string Feed, string Topic, LaneEntry Entry);

/// <summary>A slot of the node.</summary>
/// <param name="Feed">The feed.</param>
/// <param name="Index">Its index.</param>
/// <param name="IsRebuilding">Whether it is behind the log's end that stood at its recovery.</param>
/// <param name="Main">The partition of which it gets nearly all its rows; null where there is none.</param>
internal sealed record NodeSlot(string Feed, int Index, bool IsRebuilding, (string Topic, int Partition)? Main = null);
