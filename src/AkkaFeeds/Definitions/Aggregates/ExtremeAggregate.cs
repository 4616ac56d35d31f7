using System.Runtime.CompilerServices;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Expressions;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Definitions.Aggregates;

/// <summary><c>min(x)</c> and <c>max(x)</c> over numbers, strings or times; not over a mixture.</summary>
internal sealed class ExtremeAggregate(Code argument, bool isMaximum) : Aggregate
{
    /// <summary>What has an order here.</summary>
    public const Kinds Ordered = Kinds.Number | Kinds.String | Kinds.Time;

    private readonly Evaluate evaluate = argument.Evaluate;
    private readonly string text = argument.Text;

    // Numbers and times are in two cells, the kind and the bits; only text needs a value.
    public override int Cells => 2;

    public override int Values => 1;

    public override Kinds Kinds => argument.Kinds & Ordered;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool Apply(ref Fold fold)
    {
        var value = evaluate(ref fold.Scope);
        if (!value.HasValue)
        {
            return false;
        }

        var cells = fold.State.Cells.Slice(Cell, 2);
        if (value.IsLong && cells[0] == (long)ValueKind.Long)
        {
            if (isMaximum ? value.AsLong <= cells[1] : value.AsLong >= cells[1])
            {
                return false;
            }

            cells[1] = value.AsLong;
            return true;
        }

        return Other(ref fold, value, Read(fold.State));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override Value Read(KeyState state)
    {
        var cells = state.Cells.Slice(Cell, 2);
        return (ValueKind)cells[0] switch
        {
            ValueKind.Absent => default,
            ValueKind.Long => Value.Of(cells[1]),
            ValueKind.Double => Value.Of(BitConverter.Int64BitsToDouble(cells[1])),
            ValueKind.Time => Value.Time(cells[1]),
            _ => state.ValueAt(Slot),
        };
    }

    public override void Encode(KeyState state, StateWriter writer) => writer.Value(Read(state));

    public override void Decode(KeyState state, ref StateReader reader)
    {
        var value = reader.Value();
        if (!value.Kind.ToKinds().Within(Ordered))
        {
            throw new InvalidDataException($"A key's bytes hold {value.Kind.ToText()} as an extreme.");
        }

        Set(state, value);
        if (value.Kind == ValueKind.String)
        {
            state.Values[Slot] = value;
            state.GrowingBytes += Sizes.Of(value);
        }
    }

    private void Set(ref Fold fold, in Value value)
    {
        Set(fold.State, value);
        if (value.Kind == ValueKind.String)
        {
            fold.SetValue(Slot, value);
        }
    }

    private void Set(KeyState state, in Value value)
    {
        var cells = state.Cells.Slice(Cell, 2);
        cells[0] = (long)value.Kind;
        cells[1] = value.Kind == ValueKind.String ? 0 : value.AsLong;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Other(ref Fold fold, in Value value, in Value held)
    {
        if (!value.Kind.ToKinds().Within(Ordered))
        {
            fold.Scope.FailType(text, value, Ordered);
            return false;
        }

        if (!held.HasValue)
        {
            Set(ref fold, value);
            return true;
        }

        if (Comparison.Compare(value, held) is not { } order)
        {
            fold.Scope.Fail(
                Reasons.Type,
                $"{(isMaximum ? "max" : "min")} of {text}: {text} is {value.Kind.ToText()}, and was {held.Kind.ToText()} before");
            return false;
        }

        if (order == 0)
        {
            // 1 and 1.0, 0 and -0 are equal but not alike: one form is kept, whichever came first.
            if (value != held && IsPreferred(value, held))
            {
                var showedMinus = held.AsDouble == 0 && double.IsNegative(held.AsDouble);
                Set(ref fold, value);
                return showedMinus;
            }

            return false;
        }

        if (isMaximum != order > 0)
        {
            return false;
        }

        Set(ref fold, value);
        return true;
    }

    private static bool IsPreferred(in Value value, in Value held) =>
        value.IsLong ? !held.IsLong : !held.IsLong && double.IsNegative(held.AsDouble)
            && !double.IsNegative(value.AsDouble);
}
