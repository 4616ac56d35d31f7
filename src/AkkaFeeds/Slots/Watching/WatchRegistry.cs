using AkkaFeeds.Contracts;

namespace AkkaFeeds.Slots.Watching;

/// <summary>
/// Who watches which keys of a slot. A registration is a lease: a node that answers no report for
/// <see cref="Lease"/> is forgotten. Pure; <typeparamref name="TNode"/> is whatever reaches a node.
/// </summary>
internal sealed class WatchRegistry<TNode>
{
    /// <summary>How long a node is kept that does not answer.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, NodeWatch<TNode>> nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<KeyName, List<NodeWatch<TNode>>> keys = [];

    // A node that comes back after its lease goes on above every number that it may have seen: none is used twice.
    private long sentByForgotten;

    /// <summary>The nodes that watch anything.</summary>
    public IReadOnlyCollection<NodeWatch<TNode>> Nodes => nodes.Values;

    /// <summary>How many keys are watched by anybody.</summary>
    public int KeyCount => keys.Count;

    /// <summary>Who watches a key.</summary>
    public IReadOnlyList<NodeWatch<TNode>> WatchersOf(KeyName key) =>
        keys.TryGetValue(key, out var watchers) ? watchers : [];

    /// <summary>Whether a node has a lease.</summary>
    public bool Knows(string name) => nodes.ContainsKey(name);

    /// <summary>Registers a node for keys.</summary>
    public NodeWatch<TNode> Watch(string name, TNode target, IReadOnlyList<KeyName> wanted, bool all, TimeSpan now)
    {
        if (!nodes.TryGetValue(name, out var node))
        {
            nodes.Add(name, node = new NodeWatch<TNode>(name, sentByForgotten));
        }

        node.Target = target;
        node.RenewedAt = now;
        foreach (var key in wanted)
        {
            Add(node, key);
        }

        if (all && node.Keys.Count > wanted.Count)
        {
            Remove(node, [.. node.Keys.Except(wanted)]);
        }

        return node;
    }

    /// <summary>A node watches some keys no more.</summary>
    public void Unwatch(string name, IReadOnlyList<KeyName> unwanted)
    {
        if (nodes.TryGetValue(name, out var node))
        {
            Remove(node, unwanted);
        }
    }

    /// <summary>A node is still there.</summary>
    public void Renew(string name, TimeSpan now)
    {
        if (nodes.TryGetValue(name, out var node))
        {
            node.RenewedAt = now;
        }
    }

    /// <summary>Forgets the nodes whose lease is over.</summary>
    public void Expire(TimeSpan now)
    {
        foreach (var node in nodes.Values.Where(node => now - node.RenewedAt > Lease).ToList())
        {
            Remove(node, [.. node.Keys]);
            nodes.Remove(node.Name);
            sentByForgotten = Math.Max(sentByForgotten, node.Sent);
        }
    }

    private void Add(NodeWatch<TNode> node, KeyName key)
    {
        if (!node.Keys.Add(key))
        {
            return;
        }

        if (!keys.TryGetValue(key, out var watchers))
        {
            keys.Add(key, watchers = []);
        }

        watchers.Add(node);
    }

    private void Remove(NodeWatch<TNode> node, IReadOnlyList<KeyName> unwanted)
    {
        foreach (var key in unwanted)
        {
            if (node.Keys.Remove(key) && keys.TryGetValue(key, out var watchers))
            {
                watchers.Remove(node);
#if DEFECT_PASSIVATED_WHILE_WATCHED
                if (watchers.Count >= 0)
#else
                if (watchers.Count == 0)
#endif
                {
                    keys.Remove(key);
                }
            }
        }
    }
}
