using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Expressions;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Definitions.Aggregates;

/// <summary><c>top(x, n[, weight])</c>: the n items with the greatest weights, exactly; all items are kept.</summary>
internal sealed class TopAggregate(Code item, int size, Code? weight, int itemsMax) : Aggregate
{
    private const Kinds Named = Kinds.Number | Kinds.String | Kinds.Bool | Kinds.Time | Kinds.Duration;

    private readonly Evaluate evaluateItem = item.Evaluate;
    private readonly Evaluate? evaluateWeight = weight?.Evaluate;

    public override int Parts => 1;

    public override Kinds Kinds => Kinds.Json;

    public override bool Apply(ref Fold fold)
    {
        var named = evaluateItem(ref fold.Scope);
        if (fold.Scope.Failed)
        {
            return false;
        }

        var added = evaluateWeight is null ? Value.Of(1L) : evaluateWeight(ref fold.Scope);
        if (!named.HasValue || !added.HasValue)
        {
            return false;
        }

        if (!named.Kind.ToKinds().Within(Named))
        {
            fold.Scope.FailType(item.Text, named, Named);
            return false;
        }

        if (!Arithmetic.IsNumber(added))
        {
            fold.Scope.FailType(weight!.Text, added, Kinds.Number);
            return false;
        }

        return Add(ref fold, Functions.ToText(named), added);
    }

    public override Value Read(KeyState state)
    {
        if (state.PartAt(Part) is not TopTable table)
        {
            return default;
        }

        var names = new string[table.BestCount];
        var weights = new Value[table.BestCount];
        for (var rank = 0; rank < names.Length; rank++)
        {
            names[rank] = table.NameAt(rank);
            weights[rank] = table.WeightAt(rank);
        }

        return JsonOps.Make(false, names, weights);
    }

    public override void Encode(KeyState state, StateWriter writer)
    {
        if (state.PartAt(Part) is TopTable table)
        {
            table.Encode(writer);
        }
        else
        {
            writer.Unsigned(0);
        }
    }

    public override void Decode(KeyState state, ref StateReader reader)
    {
        var count = reader.Count();
        if (count > 0)
        {
            var table = TopTable.Decode(size, count, ref reader);
            state.Parts[Part] = table;
            state.GrowingBytes += table.EncodedBytes;
        }
    }

    public override void Undo(KeyState state, in UndoLog.Entry entry)
    {
        if (entry.Number > 0)
        {
            ((TopTable)entry.Old!).TakeBack((int)(entry.Number >> 2), (int)(entry.Number & 3), entry.Value);
        }
        else
        {
            state.Parts[entry.Index] = entry.Old;
        }
    }

    private bool Add(ref Fold fold, string name, in Value added)
    {
        var state = fold.State;
        if (state.PartAt(Part) is not TopTable table)
        {
            fold.Undo.Part(this, Part, null);
            table = new TopTable(size);
            state.Parts[Part] = table;
        }

        if (!table.Contains(name) && table.Count >= itemsMax)
        {
            fold.Scope.Fail(Reasons.Limit, $"top of {item.Text}: more than {itemsMax} different items (top.items)");
            return false;
        }

        var before = table.EncodedBytes;
        if (!table.TryAdd(name, added, fold.Members, out var index, out var undo, out var shown))
        {
            fold.Scope.Fail(Reasons.Overflow, $"top of {item.Text}: the weight of {name} does not fit 64 bits");
            return false;
        }

        // The number is never 0 here, which stands for a table that was not there.
        fold.Undo.Part(this, Part, table, ((long)index << 2) | (uint)undo, added);
        state.GrowingBytes += table.EncodedBytes - before;
        return shown;
    }
}
