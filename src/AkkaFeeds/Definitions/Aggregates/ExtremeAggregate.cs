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

    public override int Values => 1;

    public override Kinds Kinds => argument.Kinds & Ordered;

    public override bool Apply(ref Fold fold)
    {
        var value = evaluate(ref fold.Scope);
        if (!value.HasValue)
        {
            return false;
        }

        ref readonly var held = ref fold.State.Values[Slot];
        if (value.IsLong && held.IsLong)
        {
            if (isMaximum ? value.AsLong <= held.AsLong : value.AsLong >= held.AsLong)
            {
                return false;
            }

            fold.SetValue(Slot, value);
            return true;
        }

        return Other(ref fold, value, held);
    }

    public override Value Read(KeyState state) => state.Values[Slot];

    public override void Encode(KeyState state, StateWriter writer) => writer.Value(state.Values[Slot]);

    public override void Decode(KeyState state, ref StateReader reader)
    {
        state.Values[Slot] = reader.Value();
        state.GrowingBytes += Sizes.Of(state.Values[Slot]);
    }

    private bool Other(ref Fold fold, in Value value, in Value held)
    {
        if (!value.Kind.ToKinds().Within(Ordered))
        {
            fold.Scope.FailType(text, value, Ordered);
            return false;
        }

        if (!held.HasValue)
        {
            fold.SetValue(Slot, value);
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
                fold.SetValue(Slot, value);
                return showedMinus;
            }

            return false;
        }

        if (isMaximum != order > 0)
        {
            return false;
        }

        fold.SetValue(Slot, value);
        return true;
    }

    private static bool IsPreferred(in Value value, in Value held) =>
        value.IsLong ? !held.IsLong : !held.IsLong && double.IsNegative(held.AsDouble) && !double.IsNegative(value.AsDouble);
}
