using System.Runtime.CompilerServices;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Expressions;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Definitions.Aggregates;

/// <summary>
/// <c>sum(x)</c>: a whole number of 64 bits while all terms were whole, else exact and rounded when shown.
/// </summary>
internal sealed class SumAggregate(Code argument) : Aggregate
{
    private readonly Evaluate evaluate = argument.Evaluate;
    private readonly string text = argument.Text;

    public override int Cells => 2;

    public override int Parts => 1;

    public override Kinds Kinds => argument.Kinds == Kinds.Long ? Kinds.Long : Kinds.Number;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool Apply(ref Fold fold)
    {
        var term = evaluate(ref fold.Scope);
        if (!term.HasValue)
        {
            return false;
        }

        // The second cell says whether there is an exact sum: looking for the part would miss the cache.
        var cells = fold.State.Cells.Slice(Cell, 2);
        if (term.IsLong && cells[1] == 0)
        {
            ref var cell = ref cells[0];
            var sum = unchecked(cell + term.AsLong);
            if (((cell ^ sum) & (term.AsLong ^ sum)) < 0)
            {
                fold.Scope.Fail(Reasons.Overflow, $"sum of {text}: the result does not fit 64 bits");
                return false;
            }

            cell = sum;
            return term.AsLong != 0;
        }

        if (!Arithmetic.IsNumber(term))
        {
            fold.Scope.FailType(text, term, Kinds.Number);
            return false;
        }

        var before = fold.Exact ? Read(fold.State) : default;
        var exact = (ExactSum?)fold.State.PartAt(Part);
        if (exact is null)
        {
            fold.Undo.Part(this, Part, null);
            exact = new ExactSum();
            exact.Add(cells[0]);
            cells[0] = 0;
            cells[1] = 1;
            fold.State.Parts[Part] = exact;
        }

        return ExactSums.TryAdd(ref fold, this, exact, Part, term, text)
            && (!fold.Exact || !Comparison.AreEqual(Read(fold.State), before));
    }

    public override Value Read(KeyState state) => state.Cells[Cell + 1] != 0
        ? Value.Of(((ExactSum)state.Parts[Part]!).Rounded())
        : Value.Of(state.Cells[Cell]);

    public override void Encode(KeyState state, StateWriter writer)
    {
        var exact = (ExactSum?)state.PartAt(Part);
        writer.Byte(exact is null ? (byte)0 : (byte)1);
        if (exact is null)
        {
            writer.Signed(state.Cells[Cell]);
        }
        else
        {
            exact.Encode(writer);
        }
    }

    public override void Decode(KeyState state, ref StateReader reader)
    {
        if (reader.Byte() == 0)
        {
            state.Cells[Cell] = reader.Signed();
        }
        else
        {
            state.Cells[Cell + 1] = 1;
            state.Parts[Part] = ExactSum.Decode(ref reader);
        }
    }

    public override void Undo(KeyState state, in UndoLog.Entry entry) => ExactSums.Undo(state, entry);
}
