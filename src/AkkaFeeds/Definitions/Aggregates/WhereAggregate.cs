using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Expressions;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Definitions.Aggregates;

/// <summary><c>where(cond, agg)</c>: the inner aggregate over the records that match.</summary>
internal sealed class WhereAggregate(Test condition, Aggregate inner) : Aggregate
{
    public override int Cells => inner.Cells;

    public override int Values => inner.Values;

    public override int Parts => inner.Parts;

    public override Kinds Kinds => inner.Kinds;

    public override void Place(int cell, int slot, int part) => inner.Place(cell, slot, part);

    public override bool Apply(ref Fold fold) => condition(ref fold.Scope) && inner.Apply(ref fold);

    public override Value Read(KeyState state) => inner.Read(state);

    public override bool TryWrite(KeyState state, JsonText text, ReadOnlySpan<byte> name) =>
        inner.TryWrite(state, text, name);

    public override void Encode(KeyState state, StateWriter writer) => inner.Encode(state, writer);

    public override void Decode(KeyState state, ref StateReader reader) => inner.Decode(state, ref reader);

    public override void Undo(KeyState state, in UndoLog.Entry entry) => inner.Undo(state, entry);
}
