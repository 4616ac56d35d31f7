using System.Runtime.CompilerServices;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Expressions;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Definitions.Aggregates;

/// <summary><c>count()</c>, <c>count(cond)</c>.</summary>
internal sealed class CountAggregate(Test? condition) : Aggregate
{
    public override int Cells => 1;

    public override Kinds Kinds => Kinds.Long;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool Apply(ref Fold fold)
    {
        if (condition is not null && !condition(ref fold.Scope))
        {
            return false;
        }

        fold.State.Cells[Cell]++;
        return true;
    }

    public override Value Read(KeyState state) => Value.Of(state.Cells[Cell]);

    public override void Encode(KeyState state, StateWriter writer) => writer.Unsigned((ulong)state.Cells[Cell]);

    public override void Decode(KeyState state, ref StateReader reader) => state.Cells[Cell] = (long)reader.Unsigned();
}
