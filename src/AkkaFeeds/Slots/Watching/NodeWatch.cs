using AkkaFeeds.Contracts;

namespace AkkaFeeds.Slots.Watching;

/// <summary>One node that watches keys of a slot.</summary>
internal sealed class NodeWatch<TNode>(string name, long sent)
{
    /// <summary>The node's relays, of one incarnation.</summary>
    public string Name { get; } = name;

    /// <summary>What reaches it.</summary>
    public TNode Target { get; set; } = default!;

    /// <summary>When it last said that it is there.</summary>
    public TimeSpan RenewedAt { get; set; }

    /// <summary>What it watches.</summary>
    public HashSet<KeyName> Keys { get; } = [];

    /// <summary>How many changes it was sent, and so the number of the last one.</summary>
    public long Sent { get; private set; } = sent;

    /// <summary>The number of the next change.</summary>
    public long Next() => ++Sent;
}
