using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Expressions;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Definitions.Aggregates;

/// <summary>
/// One aggregate of a view. It holds no state itself: it knows where in a <see cref="KeyState"/> its numbers (from
/// <see cref="Cell"/>), values (from <see cref="Slot"/>) and parts (from <see cref="Part"/>) are. Apply is pure: it
/// reads no clock, and what
/// it leaves does not depend on how the rows of several partitions were mixed.
/// </summary>
internal abstract class Aggregate
{
    /// <summary>Its first cell.</summary>
    protected int Cell { get; private set; }

    /// <summary>Its first value.</summary>
    protected int Slot { get; private set; }

    /// <summary>Its first part.</summary>
    protected int Part { get; private set; }

    /// <summary>How many cells it has.</summary>
    public virtual int Cells => 0;

    /// <summary>How many values it has.</summary>
    public virtual int Values => 0;

    /// <summary>How many parts it has.</summary>
    public virtual int Parts => 0;

    /// <summary>The kinds that its shown value can have.</summary>
    public abstract Kinds Kinds { get; }

    /// <summary>
    /// Whether a record that Kafka has compacted away is missing in it: what only keeps the newest does not mind.
    /// </summary>
    public virtual bool NeedsEveryRecord => true;

    /// <summary>Gives it its place.</summary>
    public virtual void Place(int cell, int slot, int part)
    {
        Cell = cell;
        Slot = slot;
        Part = part;
    }

    /// <summary>
    /// Folds a row. Whether the shown value changed (which may be said without looking where <see cref="Fold.Exact"/>
    /// is not
    /// set); a failure is in the fold's scope, and what was done before it is taken back by the caller.
    /// </summary>
    public abstract bool Apply(ref Fold fold);

    /// <summary>The shown value, or absent.</summary>
    public abstract Value Read(KeyState state);

    /// <summary>Writes the shown value as JSON; false, and nothing written, where it is absent.</summary>
    public virtual bool TryWrite(KeyState state, JsonText text, ReadOnlySpan<byte> name)
    {
        var value = Read(state);
        if (!value.HasValue)
        {
            return false;
        }

        text.Raw(name);
        text.Shown(value);
        return true;
    }

    /// <summary>Writes the state.</summary>
    public abstract void Encode(KeyState state, StateWriter writer);

    /// <summary>Reads the state into an empty one.</summary>
    public abstract void Decode(KeyState state, ref StateReader reader);

    /// <summary>Takes back what it noted as <see cref="UndoLog.Part"/>.</summary>
    public virtual void Undo(KeyState state, in UndoLog.Entry entry) => state.Parts[entry.Index] = entry.Old;
}
