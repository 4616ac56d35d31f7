namespace AkkaFeeds.Freshness;

/// <summary>What a node knows of one partition of a feed.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Report">What its lane said last; null where none reads it.</param>
/// <param name="At">When that was said, Unix ms, in the time of this node.</param>
/// <param name="Condition">Why none begins to read it before an operator decides; null where one does.</param>
/// <param name="Node">Who said it; <see cref="ThisNode"/> for the node itself.</param>
internal sealed record LaneEntry(
    int Partition, LaneReport? Report, long At, string? Condition, string Node = LaneEntry.ThisNode)
{
    /// <summary>The name that a node has for itself.</summary>
    public const string ThisNode = "";
}
