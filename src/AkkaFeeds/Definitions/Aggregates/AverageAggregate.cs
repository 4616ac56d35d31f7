using System.Runtime.CompilerServices;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Expressions;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Definitions.Aggregates;

/// <summary>
/// <c>avg(x)</c>: the exact sum, rounded, by the count. Whole terms are summed in 128 bits, so they never overflow.
/// </summary>
internal sealed class AverageAggregate(Code argument) : Aggregate
{
    private readonly Evaluate evaluate = argument.Evaluate;
    private readonly string text = argument.Text;

    public override int Cells => 4;

    public override int Parts => 1;

    public override Kinds Kinds => Kinds.Double;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool Apply(ref Fold fold)
    {
        var term = evaluate(ref fold.Scope);
        if (!term.HasValue)
        {
            return false;
        }

        if (!Arithmetic.IsNumber(term))
        {
            fold.Scope.FailType(text, term, Kinds.Number);
            return false;
        }

        var before = fold.Exact ? Read(fold.State) : default;
        var cells = fold.State.Cells.Slice(Cell, 4);
        // The fourth cell says whether there is an exact sum: looking for the part would miss the cache.
        if (term.IsLong && cells[3] == 0)
        {
            var low = unchecked((ulong)cells[1] + (ulong)term.AsLong);
            cells[2] += (term.AsLong >> 63) + (low < (ulong)cells[1] ? 1 : 0);
            cells[1] = (long)low;
        }
        else
        {
            var exact = (ExactSum?)fold.State.PartAt(Part);
            if (exact is null)
            {
                fold.Undo.Part(this, Part, null);
                exact = new ExactSum();
                exact.Add(new Int128((ulong)cells[2], (ulong)cells[1]));
                cells[1..].Clear();
                cells[3] = 1;
                fold.State.Parts[Part] = exact;
            }

            if (!ExactSums.TryAdd(ref fold, this, exact, Part, term, text))
            {
                return false;
            }
        }

        cells[0]++;
        return !fold.Exact || Read(fold.State) != before;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override Value Read(KeyState state)
    {
        var cells = state.Cells.Slice(Cell, 4);
        if (cells[0] == 0)
        {
            return default;
        }

        if (cells[3] != 0)
        {
            return Value.Of(((ExactSum)state.Parts[Part]!).Rounded() / cells[0]);
        }

        // The usual sum fits one word.
        var sum = cells[2] == cells[1] >> 63 ? cells[1] : (double)new Int128((ulong)cells[2], (ulong)cells[1]);
        return Value.Of(sum / cells[0]);
    }

    public override void Encode(KeyState state, StateWriter writer)
    {
        var cells = state.Cells.Slice(Cell, 4);
        var exact = (ExactSum?)state.PartAt(Part);
        writer.Unsigned((ulong)cells[0]);
        writer.Byte(exact is not null ? (byte)2 : cells[2] == cells[1] >> 63 ? (byte)0 : (byte)1);
        if (exact is not null)
        {
            exact.Encode(writer);
            return;
        }

        writer.Signed(cells[1]);
        if (cells[2] != cells[1] >> 63)
        {
            writer.Signed(cells[2]);
        }
    }

    public override void Decode(KeyState state, ref StateReader reader)
    {
        var cells = state.Cells.Slice(Cell, 4);
        cells[0] = (long)reader.Unsigned();
        var form = reader.Byte();
        if (form == 2)
        {
            cells[3] = 1;
            state.Parts[Part] = ExactSum.Decode(ref reader);
            return;
        }

        cells[1] = reader.Signed();
        cells[2] = form == 0 ? cells[1] >> 63 : reader.Signed();
    }

    public override void Undo(KeyState state, in UndoLog.Entry entry) => ExactSums.Undo(state, entry);
}
