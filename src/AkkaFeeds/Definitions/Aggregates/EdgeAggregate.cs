using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Expressions;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Definitions.Aggregates;

/// <summary>
/// <c>first(x)</c> and <c>last(x)</c>: the value at the least or greatest (event time, topic, partition, offset). An
/// object literal is kept
/// as its members, so that a row costs no text until somebody looks.
/// </summary>
internal sealed class EdgeAggregate : Aggregate
{
    private readonly bool isLast;
    private readonly bool canFail;
    private readonly Evaluate[] evaluators;
    private readonly string[]? names;
    private readonly byte[][] prefixes;

    public EdgeAggregate(Code argument, bool isLast)
    {
        this.isLast = isLast;
        canFail = argument.CanFail;
        if (argument is { Members: { Count: > 0 } members, Constant: null })
        {
            names = [.. members.Select(member => member.Key)];
            evaluators = [.. members.Select(member => member.Value.Evaluate)];
            Kinds = Kinds.Json;
        }
        else
        {
            evaluators = [argument.Evaluate];
            Kinds = argument.Kinds;
        }

        prefixes = [.. (names ?? []).Select(JsonText.NameOf)];
    }

    public override int Cells => 3;

    public override int Values => evaluators.Length;

    public override Kinds Kinds { get; }

    public override bool NeedsEveryRecord => !isLast;

    public override bool Apply(ref Fold fold)
    {
        var cells = fold.State.Cells.Slice(Cell, 3);
        // The offset is kept plus one: zero says that there is none yet.
        if (cells[2] != 0 && IsBefore(fold.EventTime, fold.Source, fold.Offset + 1, cells) == isLast)
        {
            Check(ref fold);
            return false;
        }

        if (names is null)
        {
            return Single(ref fold, cells);
        }

        var changed = false;
        var isNew = cells[2] == 0;
        for (var index = 0; index < evaluators.Length; index++)
        {
            var value = evaluators[index](ref fold.Scope);
            if (fold.Scope.Failed)
            {
                return false;
            }

            if (value != fold.State.Values[Slot + index])
            {
                changed = true;
                fold.SetValue(Slot + index, value);
                fold.Members?.Add(names[index]);
            }
        }

        Keep(fold, cells);
        return changed || isNew;
    }

    public override Value Read(KeyState state)
    {
        if (state.Cells[Cell + 2] == 0)
        {
            return default;
        }

        return names is null
            ? state.Values[Slot]
            : JsonOps.WithoutNulls(JsonOps.Make(false, names, state.Values.Slice(Slot, names.Length)));
    }

    public override bool TryWrite(KeyState state, JsonText text, ReadOnlySpan<byte> name)
    {
        if (names is null || state.Cells[Cell + 2] == 0)
        {
            return base.TryWrite(state, text, name);
        }

        text.Raw(name);
        text.Raw("{"u8);
        var first = true;
        for (var index = 0; index < prefixes.Length; index++)
        {
            var value = state.ValueAt(Slot + index);
            if (!value.HasValue)
            {
                continue;
            }

            text.Raw(first ? prefixes[index].AsSpan(1) : prefixes[index]);
            text.Shown(value);
            first = false;
        }

        text.Raw("}"u8);
        return true;
    }

    public override void Encode(KeyState state, StateWriter writer)
    {
        var cells = state.Cells.Slice(Cell, 3);
        writer.Unsigned((ulong)cells[2]);
        if (cells[2] == 0)
        {
            return;
        }

        writer.Signed(cells[0]);
        writer.Unsigned((ulong)cells[1]);
        foreach (ref readonly var value in state.Values.Slice(Slot, evaluators.Length))
        {
            writer.Value(value);
        }
    }

    public override void Decode(KeyState state, ref StateReader reader)
    {
        var cells = state.Cells.Slice(Cell, 3);
        cells[2] = (long)reader.Unsigned();
        if (cells[2] == 0)
        {
            return;
        }

        cells[0] = reader.Signed();
        cells[1] = (long)reader.Unsigned();
        foreach (ref var value in state.Values.Slice(Slot, evaluators.Length))
        {
            value = reader.Value();
            state.GrowingBytes += Sizes.Of(value);
        }
    }

    // A record that is not shown fails all the same: what is refused must not depend on the order of the partitions.
    private void Check(ref Fold fold)
    {
        for (var index = 0; canFail && index < evaluators.Length && !fold.Scope.Failed; index++)
        {
            evaluators[index](ref fold.Scope);
        }
    }

    private bool Single(ref Fold fold, Span<long> cells)
    {
        var value = evaluators[0](ref fold.Scope);
        if (!value.HasValue)
        {
            return false;
        }

        var changed = value != fold.State.Values[Slot];
        fold.SetValue(Slot, value);
        Keep(fold, cells);
        return changed;
    }

    private static void Keep(in Fold fold, Span<long> cells)
    {
        cells[0] = fold.EventTime;
        cells[1] = fold.Source;
        cells[2] = fold.Offset + 1;
    }

    private static bool IsBefore(long time, long source, long place, ReadOnlySpan<long> cells) =>
        time != cells[0] ? time < cells[0]
        : source != cells[1] ? source < cells[1]
        : place < cells[2];
}
