namespace AkkaFeeds.Contracts;

/// <summary>
/// What the relays of a node and the slots say to each other. Every message may be lost. A node watches keys by
/// leases that it renews when a slot reports; a slot numbers what it sends to a node, so that the node finds out when
/// the last of it was lost. Slots are told apart by incarnation: what an older one says is ignored.
/// </summary>
public static class WatchMessages
{
    /// <summary>What a node says to a slot.</summary>
    public interface IFromNode : ISlotMessage
    {
        /// <summary>The node's relays, of one incarnation.</summary>
        string Node { get; }
    }

    /// <summary>Watch keys for a node; each is answered by <see cref="KeyBegins"/>.</summary>
    /// <param name="Slot">The slot.</param>
    /// <param name="Node">The node's relays, of one incarnation.</param>
    /// <param name="Keys">The keys.</param>
    /// <param name="All">Whether these are all that the node watches here; what else it watched is dropped.</param>
    public sealed record Watch(SlotId Slot, string Node, IReadOnlyList<KeyName> Keys, bool All) : IFromNode;

    /// <summary>Watch keys no more.</summary>
    public sealed record Unwatch(SlotId Slot, string Node, IReadOnlyList<KeyName> Keys) : IFromNode;

    /// <summary>The node is still there, and watches what it watched.</summary>
    public sealed record Renew(SlotId Slot, string Node) : IFromNode;

    /// <summary>A key as it is; what is sent of it later continues this.</summary>
    /// <param name="Slot">The slot.</param>
    /// <param name="Incarnation">Rises with every recovery of the slot.</param>
    /// <param name="Epoch">The same as clients see it.</param>
    /// <param name="Key">The key.</param>
    /// <param name="Version">Counts the changes; 0 where no record has made the key.</param>
    /// <param name="Data">The view as one JSON object in UTF-8; empty where no record has made the key.</param>
    /// <param name="At">The newest <c>created</c> instant, Unix ms.</param>
    /// <param name="Positions">The last offset folded, by partition.</param>
    /// <param name="QuarantinedSince">Since when the key misses a record, Unix ms; 0 for not.</param>
    public sealed record KeyBegins(
        SlotId Slot, long Incarnation, string Epoch, KeyName Key, long Version, ReadOnlyMemory<byte> Data, long At,
        IReadOnlyList<KeyValuePair<string, long>> Positions, long QuarantinedSince) : IFeedMessage;

    /// <summary>A key has changed.</summary>
    /// <param name="Slot">The slot.</param>
    /// <param name="Incarnation">Rises with every recovery of the slot.</param>
    /// <param name="Number">Counts what the slot has sent to this node, from 1.</param>
    /// <param name="Key">The key.</param>
    /// <param name="Base">The version that this continues.</param>
    /// <param name="Version">The version that it makes; the base where the quarantine alone changed.</param>
    /// <param name="Whole">Whether <paramref name="Fields"/> is the whole view.</param>
    /// <param name="Fields">The fields that changed, each whole, as one JSON object in UTF-8.</param>
    /// <param name="Removed">The fields that have no value any more.</param>
    /// <param name="At">The newest <c>created</c> instant, Unix ms.</param>
    /// <param name="Positions">The last offset folded, by partition.</param>
    /// <param name="QuarantinedSince">Since when the key misses a record, Unix ms; 0 for not.</param>
    public sealed record KeyChanged(
        SlotId Slot, long Incarnation, long Number, KeyName Key, long Base, long Version, bool Whole,
        ReadOnlyMemory<byte> Fields, IReadOnlyList<string> Removed, long At,
        IReadOnlyList<KeyValuePair<string, long>> Positions, long QuarantinedSince) : IFeedMessage
    {
        /// <summary>
        /// The view that it makes, so that a relay in the slot's own process need not make it again; null where the
        /// message has travelled.
        /// </summary>
        public ViewNode? View { get; init; }
    }

    /// <summary>Where a slot stands, told each second to each node that watches it, a new condition at once.</summary>
    /// <param name="Slot">The slot.</param>
    /// <param name="Incarnation">Rises with every recovery of the slot.</param>
    /// <param name="Epoch">The same as clients see it.</param>
    /// <param name="Sent">The number of the last <see cref="KeyChanged"/> for this node.</param>
    /// <param name="Watched">How many keys the slot thinks that the node watches.</param>
    /// <param name="Rebuilding">Whether the slot is behind the log's end that stood at its recovery.</param>
    /// <param name="Progress">How far it is with that, 0 to 1.</param>
    /// <param name="RecoveredAt">When it recovered, Unix ms.</param>
    /// <param name="Feeding">The partitions that have made rows of the slot.</param>
    /// <param name="Read">R by partition, as clients name it.</param>
    public sealed record SlotReport(
        SlotId Slot, long Incarnation, string Epoch, long Sent, int Watched, bool Rebuilding, double Progress,
        long RecoveredAt, IReadOnlyList<FeedingPartition> Feeding, IReadOnlyList<KeyValuePair<string, long>> Read)
        : IFeedMessage;
}

/// <summary>A partition that has made rows of a slot.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="BehindSince">
/// Since when the slot has lacked what the partition's lane has read, Unix ms, where that is too long; else null.
/// </param>
public readonly record struct FeedingPartition(string Topic, int Partition, long? BehindSince = null);
