using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Expressions;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Definitions.Aggregates;

/// <summary><c>sum(x)</c>: a whole number of 64 bits while all terms were whole, else exact and rounded when shown.</summary>
internal sealed class SumAggregate(Code argument) : Aggregate
{
    private readonly Evaluate evaluate = argument.Evaluate;
    private readonly string text = argument.Text;

    public override int Cells => 1;

    public override int Parts => 1;

    public override Kinds Kinds => argument.Kinds == Kinds.Long ? Kinds.Long : Kinds.Number;

    public override bool Apply(ref Fold fold)
    {
        var term = evaluate(ref fold.Scope);
        if (!term.HasValue)
        {
            return false;
        }

        var exact = (ExactSum?)fold.State.Parts[Part];
        if (term.IsLong && exact is null)
        {
            ref var cell = ref fold.State.Cells[Cell];
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
        if (exact is null)
        {
            fold.Undo.Part(this, Part, null);
            exact = new ExactSum();
            exact.Add(fold.State.Cells[Cell]);
            fold.State.Cells[Cell] = 0;
            fold.State.Parts[Part] = exact;
        }

        return ExactSums.TryAdd(ref fold, this, exact, Part, term, text) && (!fold.Exact || !Comparison.AreEqual(Read(fold.State), before));
    }

    public override Value Read(KeyState state) => state.Parts[Part] is ExactSum exact
        ? Value.Of(exact.Rounded())
        : Value.Of(state.Cells[Cell]);

    public override void Encode(KeyState state, StateWriter writer)
    {
        var exact = (ExactSum?)state.Parts[Part];
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
            state.Parts[Part] = ExactSum.Decode(ref reader);
        }
    }

    public override void Undo(KeyState state, in UndoLog.Entry entry) => ExactSums.Undo(state, entry);
}
