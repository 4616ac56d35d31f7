namespace AkkaFeeds.Definitions.Aggregates;

/// <summary>
/// Items by name in one array, chained by hash: finding one that is there touches two lines of memory. Items have the
/// place at
/// which they came, and only the newest leaves.
/// </summary>
internal sealed class ItemTable
{
    private int[] heads = new int[4];
    private Entry[] items = new Entry[4];

    public int Count { get; private set; }

    public ref Entry this[int index] => ref items[index];

    /// <summary>The place of an item, or -1.</summary>
    public int Find(string name)
    {
        var hash = name.GetHashCode();
        for (var index = heads[hash & (heads.Length - 1)] - 1; index >= 0; index = items[index].Next)
        {
            ref readonly var item = ref items[index];
            if (item.Hash == hash && (ReferenceEquals(item.Name, name) || item.Name == name))
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary>Adds an item that is not there; its place.</summary>
    public int Add(string name)
    {
        if (Count == items.Length)
        {
            Grow();
        }

        var hash = name.GetHashCode();
        ref var head = ref heads[hash & (heads.Length - 1)];
        items[Count] = new Entry { Name = name, Hash = hash, Next = head - 1, Rank = -1 };
        head = Count + 1;
        return Count++;
    }

    /// <summary>Removes the item that came last.</summary>
    public void RemoveLast()
    {
        ref readonly var item = ref items[Count - 1];
        // The newest of its chain is at the head.
        heads[item.Hash & (heads.Length - 1)] = item.Next + 1;
        items[--Count] = default;
    }

    private void Grow()
    {
        Array.Resize(ref items, 2 * items.Length);
        heads = new int[items.Length];
        for (var index = 0; index < Count; index++)
        {
            ref var head = ref heads[items[index].Hash & (heads.Length - 1)];
            items[index].Next = head - 1;
            head = index + 1;
        }
    }

    /// <summary>An item: its whole weight, and its rank among the best or -1.</summary>
    public struct Entry
    {
        public string Name;
        public long Whole;
        public int Hash;
        public int Next;
        public int Rank;
    }
}
