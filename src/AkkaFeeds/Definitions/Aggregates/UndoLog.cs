using AkkaFeeds.Contracts;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Definitions.Aggregates;

/// <summary>
/// What a fold has replaced so far, so that a row that fails half-way leaves its key as it was. Numbers in cells are
/// copied
/// whole beforehand and are not noted here. One a thread, reused.
/// </summary>
internal sealed class UndoLog
{
    [ThreadStatic]
    private static UndoLog? current;

    private Entry[] entries = new Entry[16];
    private int count;

    public static UndoLog ForThread => current ??= new UndoLog();

    /// <summary>Forgets the former row.</summary>
    public void Start() => count = 0;

    /// <summary>Notes a value that is about to be replaced.</summary>
    public void Value(int index, in Value old) => Add(new Entry(null, index, old, 0, null));

    /// <summary>Notes a part that is about to be replaced or, with what its aggregate needs, changed.</summary>
    public void Part(Aggregate owner, int index, object? old, long number = 0, Value value = default) =>
        Add(new Entry(owner, index, value, number, old));

    /// <summary>Takes everything back, the newest first.</summary>
    public void Rollback(KeyState state)
    {
        while (count > 0)
        {
            ref readonly var entry = ref entries[--count];
            if (entry.Owner is null)
            {
                state.Values[entry.Index] = entry.Value;
            }
            else
            {
                entry.Owner.Undo(state, entry);
            }
        }
    }

    private void Add(in Entry entry)
    {
        if (count == entries.Length)
        {
            Array.Resize(ref entries, 2 * count);
        }

        entries[count++] = entry;
    }

    internal readonly record struct Entry(Aggregate? Owner, int Index, Value Value, long Number, object? Old);
}
