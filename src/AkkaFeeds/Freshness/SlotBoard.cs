namespace AkkaFeeds.Freshness;

/// <summary>
/// What the slots of a feed are, wherever they live: each is as far as the log stood when it recovered, or is not yet.
/// A slot of which nobody speaks is on its way from one node to another, or its node is gone: it is rebuilding. Any
/// thread.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="count">How many slots the feed has; 0 where only those count that were named.</param>
/// <param name="news">Called when a slot of this node has caught up, or has fallen behind.</param>
internal sealed class SlotBoard(TimeProvider clock, int count, Action? news = null)
{
    /// <summary>
    /// A node that has not spoken of a slot for so long has it no more: it speaks four times a second.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2.5);

    private readonly Lock gate = new();
    private readonly Dictionary<int, Entry> slots = [];

    // Kept over a slot's end: where it goes next is decided by it.
    private readonly Dictionary<int, (string Topic, int Partition)?> mains = [];

    /// <summary>Whether any slot is behind, or is nobody's.</summary>
    public bool IsRebuilding
    {
        get
        {
            var now = clock.GetTimestamp();
            lock (gate)
            {
                return slots.Count < count || slots.Values.Any(slot => IsBehind(slot, now));
            }
        }
    }

    /// <summary>The slots that are behind, or nobody's, by index.</summary>
    public IReadOnlyList<int> Behind()
    {
        var now = clock.GetTimestamp();
        lock (gate)
        {
            return [.. Enumerable.Range(0, count).Where(
                index => !slots.TryGetValue(index, out var slot) || IsBehind(slot, now))];
        }
    }

    /// <summary>A slot of this node says how it is.</summary>
    /// <param name="index">The slot.</param>
    /// <param name="isRebuilding">Whether it is behind the log's end that stood at its recovery.</param>
    /// <param name="main">The partition of which it gets nearly all its rows; null where there is none.</param>
    public void Is(int index, bool isRebuilding, (string Topic, int Partition)? main = null)
    {
        var former = Set(index, isRebuilding, LaneEntry.ThisNode, main);
        if (former is not { Node: LaneEntry.ThisNode } || former.IsRebuilding != isRebuilding)
        {
            news?.Invoke();
        }
    }

    /// <summary>The partition of which a slot gets nearly all its rows, as was said last; null where there is
    /// none.</summary>
    public (string Topic, int Partition)? MainOf(int index)
    {
        lock (gate)
        {
            return mains.GetValueOrDefault(index);
        }
    }

    /// <summary>A slot of this node has ended.</summary>
    /// <param name="index">The slot.</param>
    /// <param name="inOrder">
    /// Whether it was handed over, so that the next word of it is another node's; one that failed recovers here.
    /// </param>
    public void Ended(int index, bool inOrder)
    {
        lock (gate)
        {
            if (slots.TryGetValue(index, out var slot) && slot.Node == LaneEntry.ThisNode)
            {
                slots.Remove(index);
                if (!inOrder)
                {
                    slots.Add(index, slot with { IsRebuilding = true });
                }
            }
        }
    }

    /// <summary>A node says how one of its slots is.</summary>
    public void Take(int index, bool isRebuilding, string node, (string Topic, int Partition)? main = null) =>
        Set(index, isRebuilding, node, main);

    /// <summary>The slots of this node.</summary>
    public IReadOnlyList<(int Index, bool IsRebuilding, (string Topic, int Partition)? Main)> Own()
    {
        lock (gate)
        {
            return [.. slots.Where(pair => pair.Value.Node == LaneEntry.ThisNode)
                .Select(pair => (pair.Key, pair.Value.IsRebuilding, mains.GetValueOrDefault(pair.Key)))];
        }
    }

    // Gives what was known of the slot before.
    private Entry? Set(int index, bool isRebuilding, string node, (string Topic, int Partition)? main)
    {
        lock (gate)
        {
            var former = slots.GetValueOrDefault(index);
            mains[index] = main;
            slots[index] = new Entry(isRebuilding, clock.GetTimestamp(), node);
            return former;
        }
    }

    private bool IsBehind(Entry slot, long now) => slot.IsRebuilding || IsSilent(slot, now);

    // A slot of this node says itself when it ends.
    private bool IsSilent(Entry slot, long now) =>
        slot.Node != LaneEntry.ThisNode && clock.GetElapsedTime(slot.At, now) > Patience;

    private sealed record Entry(bool IsRebuilding, long At, string Node);
}
