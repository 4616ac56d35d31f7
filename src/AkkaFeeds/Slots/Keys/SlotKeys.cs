using System.Buffers;
using System.Runtime.CompilerServices;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Compilation;

namespace AkkaFeeds.Slots.Keys;

/// <summary>
/// The folded state of a slot: its keys, which of them changed since the last cut, and their bytes. It lives and dies
/// with the
/// slot's watermarks.
/// </summary>
internal sealed class SlotKeys(ViewProgram view)
{
    // After so many checkpoints without a row a key is packed again: hot keys stay live, and an idle one costs its
    // bytes.
    private const int QuietCutsMax = 3;

    private readonly KeyTable table = new();
    private readonly List<KeyEntry> dirty = [];
    private readonly Dictionary<KeyName, FieldSet?> watched = [];
    private readonly List<KeyName> told = [];
    private readonly ArrayBufferWriter<byte> scratch = new(4096);
    private List<KeyEntry> live = [];

    /// <summary>How many keys.</summary>
    public int Count => table.Count;

    /// <summary>How many of them a record has made.</summary>
    public int Made { get; private set; }

    /// <summary>How many of these miss a record.</summary>
    public int Partial { get; private set; }

    /// <summary>Counts the changes of all keys since this object was made.</summary>
    public long Changes { get; private set; }

    /// <summary>Counts the keys that have come to miss a record since this object was made.</summary>
    public long Refusals { get; private set; }

    /// <summary>The keys that somebody watches, made or not.</summary>
    public IReadOnlyCollection<KeyName> Watched => watched.Keys;

    /// <summary>How many these are.</summary>
    public int WatchedCount => watched.Count;

    /// <summary>Whether one of them has changed and was not taken.</summary>
    public bool HasWatchedChanges => told.Count > 0;

    /// <summary>Notes the changes of a key from now on.</summary>
    public void Watch(KeyName name)
    {
        if (watched.TryAdd(name, null) && table.Find(name) is { } entry)
        {
            entry.IsWatched = true;
        }
    }

    /// <summary>Notes them no more.</summary>
    public void Unwatch(KeyName name)
    {
        if (watched.Remove(name) && table.Find(name) is { } entry)
        {
            entry.IsWatched = false;
        }
    }

    /// <summary>Gives the watched keys that have changed since this was called last, each with its fields.</summary>
    public void TakeWatchedChanges(Action<KeyName, FieldSet> take)
    {
        foreach (var name in told)
        {
            if (watched.TryGetValue(name, out var changed) && changed is { } fields)
            {
                watched[name] = null;
                take(name, fields);
            }
        }

        told.Clear();
    }

    /// <summary>Folds one row; on a refusal the key is as it was before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryFold(RowBlock block, int row, int source, out string reason, out string detail)
    {
        var name = block.Keys[row];
        var entry = table.Find(name);
        var state = entry is { IsMade: true } ? Hydrate(entry, name) : view.Create();
        var versionBefore = state.Version;
        var change = new FoldChange
        {
            IsWatched = entry is not null ? entry.IsWatched : watched.Count > 0 && watched.ContainsKey(name),
        };
        if (!view.TryApply(state, block, row, source, ref change, out reason, out detail))
        {
            entry ??= table.Add(new KeyEntry(KeyRecord.Of(name, 0, [])), name.Hash);
            Refuse(entry, name, block.Timestamps[row]);
            return false;
        }

        if (entry is not { IsMade: true })
        {
            state.Name = name;
            entry ??= table.Add(new KeyEntry(state), name.Hash);
            entry.Hydrate(state);
            Tally(entry, 1);
            live.Add(entry);
        }

        entry.QuietCuts = 0;
        MarkDirty(entry);
        if (state.Version != versionBefore)
        {
            Changes++;
            if (change.IsWatched)
            {
                entry.IsWatched = true;
                Note(name, change.Fields);
            }
        }

        return true;
    }

    /// <summary>
    /// The state of a key to look at, or null where no record has made it. It is not kept live for it.
    /// </summary>
    public KeyState? Peek(KeyName name) => table.Find(name) is { IsMade: true } entry ? Peek(entry) : null;

    /// <summary>Since when a key misses a record that could not be folded, Unix ms, or null.</summary>
    public long? QuarantinedSince(KeyName name) =>
        table.Find(name) is { QuarantinedSince: not 0 } entry ? entry.QuarantinedSince : null;

    /// <summary>The state of an entry to look at.</summary>
    public KeyState Peek(KeyEntry entry) => entry.Live ?? Decode(entry);

    /// <summary>All keys that a record has made, in no order.</summary>
    public IEnumerable<KeyEntry> All() => table.All().Where(entry => entry.IsMade);

    /// <summary>Encodes the keys that changed since the last cut, and packs the ones that have been quiet.</summary>
    public void Cut(KeyBytesWriter writer)
    {
        foreach (var entry in dirty)
        {
            Write(writer, entry);
            entry.Dirty = false;
        }

        dirty.Clear();
        PackQuiet();
    }

    /// <summary>
    /// Encodes every key: the whole that a snapshot holds, at the same instant as the cut just made.
    /// </summary>
    public void CutWhole(KeyBytesWriter writer)
    {
        foreach (var entry in table.All())
        {
            Write(writer, entry);
        }
    }

    /// <summary>
    /// Takes the record of one key of a checkpoint; a later checkpoint replaces what an earlier one said.
    /// </summary>
    public void Load(ReadOnlySpan<byte> bytes)
    {
        var record = KeyRecord.Read(bytes);
        var hash = KeyName.HashOf(record.Tenant, record.Key);
        if (table.Find(record, hash) is { } entry)
        {
            Tally(entry, -1);
            entry.Pack(bytes.ToArray());
        }
        else
        {
            entry = table.Add(new KeyEntry(bytes.ToArray()), hash);
        }

        Tally(entry, 1);
    }

    /// <summary>
    /// Packs the keys that no row has touched for a few checkpoints. A slot without news makes none, and calls this in
    /// their place: else its last keys would stay live for ever.
    /// </summary>
    public void PackQuiet()
    {
        if (live.Count == 0)
        {
            return;
        }

        var kept = new List<KeyEntry>(live.Count);
        foreach (var entry in live)
        {
            if (entry.QuietCuts++ < QuietCutsMax)
            {
                kept.Add(entry);
            }
            else
            {
                var state = entry.Live!;
                entry.Pack(KeyRecord.Of(state.Name!, entry.QuarantinedSince, Encode(state)));
            }
        }

        live = kept;
    }

    private void Refuse(KeyEntry entry, KeyName name, long timestamp)
    {
        if (entry.QuarantinedSince == 0)
        {
            Tally(entry, -1);
            entry.Quarantine(timestamp);
            Tally(entry, 1);
            Refusals++;
            MarkDirty(entry);
            if (watched.ContainsKey(name))
            {
                entry.IsWatched = true;
                Note(name, default);
            }
        }
    }

    private void Tally(KeyEntry entry, int by)
    {
        if (entry.IsMade)
        {
            Made += by;
            Partial += entry.QuarantinedSince != 0 ? by : 0;
        }
    }

    private void Note(KeyName name, in FieldSet fields)
    {
        if (watched[name] is { } known)
        {
            known.Add(fields);
            watched[name] = known;
        }
        else
        {
            watched[name] = fields;
            told.Add(name);
        }
    }

    private void MarkDirty(KeyEntry entry)
    {
        if (!entry.Dirty)
        {
            entry.Dirty = true;
            dirty.Add(entry);
        }
    }

    private void Write(KeyBytesWriter writer, KeyEntry entry)
    {
        if (entry.Live is { } state)
        {
            writer.Add(state.Name!, entry.QuarantinedSince, Encode(state));
        }
        else
        {
            writer.Add(entry.Packed);
        }
    }

    private KeyState Decode(KeyEntry entry) => view.Decode(KeyRecord.Read(entry.Packed).State);

    private KeyState Hydrate(KeyEntry entry, KeyName name)
    {
        if (entry.Live is { } state)
        {
            return state;
        }

        state = Decode(entry);
        state.Name = name;
        entry.Hydrate(state);
        entry.QuietCuts = 0;
        live.Add(entry);
        return state;
    }

    private ReadOnlySpan<byte> Encode(KeyState state)
    {
        scratch.ResetWrittenCount();
        view.Encode(state, scratch);
        return scratch.WrittenSpan;
    }
}
