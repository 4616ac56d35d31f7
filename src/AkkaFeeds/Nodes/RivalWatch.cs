using AkkaFeeds.Store;

namespace AkkaFeeds.Nodes;

/// <summary>
/// Whether another cluster lives on this node's store. Two clusters have each slot twice; the fence lets either write,
/// now one and now the other, and no key comes to rest. They never find each other by themselves: a first seed that
/// started while the others were too busy to answer is a cluster of its own for ever. So the smaller one has to end.
/// Pure.
/// </summary>
internal sealed class RivalWatch
{
    /// <summary>
    /// How long it must be so. Nodes that leave or die are on the list for a while, and so is what they called their
    /// cluster.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(8);

    private TimeSpan? since;

    /// <summary>Takes what the store has; gives the node to which this one has to give way, or null.</summary>
    /// <param name="self">This node.</param>
    /// <param name="members">The addresses of its cluster's nodes, itself among them.</param>
    /// <param name="seen">The nodes that live on the store.</param>
    /// <param name="now">Any clock that only goes forward.</param>
    public StoreNode? Take(
        StoreNode self, IReadOnlySet<string> members, IReadOnlyList<StoreNode> seen, TimeSpan now)
    {
        // A member that has not noticed a change of the oldest yet is no stranger.
        var strangers = seen.Where(node => !members.Contains(node.Address) && node.Cluster != self.Cluster).ToList();
        if (strangers.Count == 0)
        {
            since = null;
            return null;
        }

        since ??= now;
        return now - since >= Grace && MustGiveWay(self, seen, strangers) ? strangers[0] : null;
    }

    /// <summary>The store could not be asked: what was before counts no more.</summary>
    public void Forget() => since = null;

    private static bool MustGiveWay(StoreNode self, IReadOnlyList<StoreNode> seen, List<StoreNode> strangers)
    {
        var own = seen.Count - strangers.Count;
        var other = strangers.GroupBy(node => node.Cluster).OrderByDescending(cluster => cluster.Count())
            .ThenBy(cluster => cluster.Key, StringComparer.Ordinal).First();
        return other.Count() > own
            || (other.Count() == own && string.CompareOrdinal(other.Key, self.Cluster) < 0);
    }
}
