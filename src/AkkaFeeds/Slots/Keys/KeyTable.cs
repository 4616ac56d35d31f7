using System.Runtime.CompilerServices;
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

    // The hash of each entry, beside it: a probe that meets another key would else miss the cache twice to learn so.
    private int[] hashes = new int[64];

    /// <summary>How many keys.</summary>
    public int Count { get; private set; }

    /// <summary>The entry of a key, or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public KeyEntry? Find(KeyName name)
    {
        var mask = entries.Length - 1;
        var hash = name.Hash;
        for (var index = Spread(hash) & mask; ; index = (index + 1) & mask)
        {
            if (hashes[index] == hash || hashes[index] == 0)
            {
                var entry = entries[index];
                if (entry is null || entry.Is(name))
                {
                    return entry;
                }
            }
        }
    }

    /// <summary>The entry of the key that a record is of, or null.</summary>
    public KeyEntry? Find(in KeyRecord record, int hash)
    {
        var mask = entries.Length - 1;
        var index = Spread(hash) & mask;
        while (entries[index] is { } entry)
        {
            if (hashes[index] == hash && entry.Is(record))
            {
                return entry;
            }

            index = (index + 1) & mask;
        }

        return null;
    }

    /// <summary>Adds a key that is not in the table.</summary>
    public KeyEntry Add(KeyEntry entry, int hash)
    {
        // Three quarters full: probes stay short and a slot of 6,000 keys wastes a few kilobytes at the most.
        if ((Count + 1) * 4 > entries.Length * 3)
        {
            Grow();
        }

        Place(entry, hash);
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

    private void Place(KeyEntry entry, int hash)
    {
        var mask = entries.Length - 1;
        var index = Spread(hash) & mask;
        while (entries[index] is not null)
        {
            index = (index + 1) & mask;
        }

        entries[index] = entry;
        hashes[index] = hash;
    }

    // All keys of a slot have the same remainder: without spreading, every sixteenth place at the most would be used
    // first.
    private static int Spread(int hash) => (int)(((uint)hash * 2654435769u) >> 8);

    private void Grow()
    {
        var (former, formerHashes) = (entries, hashes);
        entries = new KeyEntry?[former.Length * 2];
        hashes = new int[former.Length * 2];
        for (var index = 0; index < former.Length; index++)
        {
            if (former[index] is { } entry)
            {
                Place(entry, formerHashes[index]);
            }
        }
    }
}
