using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Expressions;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Definitions.Aggregates;

/// <summary>One row on its way into one key's state.</summary>
internal ref struct Fold
{
    /// <summary>The row's fields, and the failure if there is one.</summary>
    public Scope Scope;

    public KeyState State;

    public long EventTime;

    /// <summary>The topic by its name's order, then the partition: the second part of what orders records.</summary>
    public long Source;

    public long Offset;

    public UndoLog Undo;

    /// <summary>
    /// Whether an aggregate must find out if its shown value changed; else it may say so to be quick.
    /// </summary>
    public bool Exact;

    /// <summary>Where the names of changed members go; null where nobody wants them.</summary>
    public List<string>? Members;

    /// <summary>Replaces a value of the state, noting the old one and the change of size.</summary>
    public readonly void SetValue(int index, in Value value)
    {
        ref var place = ref State.Values[index];
        Undo.Value(index, place);
        State.GrowingBytes += Sizes.Of(value) - Sizes.Of(place);
        place = value;
    }
}
