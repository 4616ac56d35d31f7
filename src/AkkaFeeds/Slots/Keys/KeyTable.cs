using AkkaFeeds.Contracts;

namespace AkkaFeeds.Slots.Keys;

/// <summary>
/// The keys of a slot: open addressing by the hash that <see cref="KeyName"/> carries. A dictionary would cost 24
/// bytes a key
/// more, and hash each key again.
/// </summary>
internal sealed class KeyTable
{
    private KeyEntry?[] entries = new KeyEntry?[64];

    /// <summary>How many keys.</summary>
    public int Count { get; private set; }

    /// <summary>The entry of a key, or null.</summary>
    public KeyEntry? Find(KeyName name)
    {
        var mask = entries.Length - 1;
        for (var index = Spread(name.Hash) & mask; ; index = (index + 1) & mask)
        {
            var entry = entries[index];
            if (entry is null || ReferenceEquals(entry.Name, name) || entry.Name.Equals(name))
            {
                return entry;
            }
        }
    }

    /// <summary>Adds a key that is not in the table.</summary>
    public KeyEntry Add(KeyName name)
    {
        // Three quarters full: probes stay short and a slot of 6,000 keys wastes a few kilobytes at the most.
        if ((Count + 1) * 4 > entries.Length * 3)
        {
            Grow();
        }

        var entry = new KeyEntry(name);
        Place(entries, entry);
        Count++;
        return entry;
    }

    /// <summary>All entries, in no order.</summary>
    public IEnumerable<KeyEntry> All()
    {
        foreach (var entry in entries)
        {
            if (entry is not null)
            {
                yield return entry;
            }
        }
    }

    private static void Place(KeyEntry?[] table, KeyEntry entry)
    {
        var mask = table.Length - 1;
        var index = Spread(entry.Name.Hash) & mask;
        while (table[index] is not null)
        {
            index = (index + 1) & mask;
        }

        table[index] = entry;
    }

    // All keys of a slot have the same remainder: without spreading, every sixteenth place at the most would be used
    // first.
    private static int Spread(int hash) => (int)(((uint)hash * 2654435769u) >> 8);

    private void Grow()
    {
        var larger = new KeyEntry?[entries.Length * 2];
        foreach (var entry in entries)
        {
            if (entry is not null)
            {
                Place(larger, entry);
            }
        }

        entries = larger;
    }
}
