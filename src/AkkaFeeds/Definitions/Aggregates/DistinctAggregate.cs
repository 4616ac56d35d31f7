using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Expressions;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Definitions.Aggregates;

/// <summary><c>distinct(x)</c>: how many different values; exact below 1,000, then within about 1 %.</summary>
internal sealed class DistinctAggregate(Code argument) : Aggregate
{
    private readonly Evaluate evaluate = argument.Evaluate;

    public override int Parts => 1;

    public override Kinds Kinds => Kinds.Long;

    public override bool Apply(ref Fold fold)
    {
        var value = evaluate(ref fold.Scope);
        if (!value.HasValue)
        {
            return false;
        }

        var hash = ValueHash.Of(value);
        ref var part = ref fold.State.Parts[Part];
        if (part is HyperLogLog sketch)
        {
            var before = fold.Exact ? sketch.Estimate() : 0;
            if (!sketch.Add(hash, out var register, out var old))
            {
                return false;
            }

            fold.Undo.Part(this, Part, sketch, register, Value.Of((long)old));
            return !fold.Exact || sketch.Estimate() != before;
        }

        if (part is null)
        {
            fold.Undo.Part(this, Part, null, -1);
            part = new HashSet<ulong>();
        }

        var set = (HashSet<ulong>)part;
        if (!set.Add(hash))
        {
            return false;
        }

        fold.Undo.Part(this, Part, set, -2, Value.Of((long)hash));
        fold.State.GrowingBytes += sizeof(ulong);
        if (set.Count >= HyperLogLog.ExactBelow)
        {
            fold.Undo.Part(this, Part, set, -1);
            part = HyperLogLog.Of(set);
            fold.State.GrowingBytes += HyperLogLog.EncodedBytes - (set.Count * sizeof(ulong));
        }

        return true;
    }

    public override Value Read(KeyState state) => Value.Of(state.PartAt(Part) switch
    {
        HyperLogLog sketch => sketch.Estimate(),
        HashSet<ulong> set => set.Count,
        _ => 0L,
    });

    public override void Encode(KeyState state, StateWriter writer)
    {
        if (state.PartAt(Part) is HyperLogLog sketch)
        {
            // A set never has as many members as this says, so no set is mistaken for a sketch.
            writer.Unsigned(HyperLogLog.ExactBelow);
            sketch.Encode(writer);
            return;
        }

        var set = (HashSet<ulong>?)state.PartAt(Part) ?? [];
        writer.Unsigned((ulong)set.Count);
        var hashes = new ulong[set.Count];
        set.CopyTo(hashes);
        Array.Sort(hashes);
        foreach (var hash in hashes)
        {
            writer.Fixed(hash);
        }
    }

    public override void Decode(KeyState state, ref StateReader reader)
    {
        var count = reader.Unsigned();
        if (count == HyperLogLog.ExactBelow)
        {
            state.Parts[Part] = HyperLogLog.Decode(ref reader);
            state.GrowingBytes += HyperLogLog.EncodedBytes;
            return;
        }

        if (count > HyperLogLog.ExactBelow)
        {
            throw new InvalidDataException($"A key's bytes hold an exact set of {count} values.");
        }

        if (count > 0)
        {
            var set = new HashSet<ulong>((int)count);
            for (var left = count; left > 0; left--)
            {
                set.Add(reader.Fixed());
            }

            state.Parts[Part] = set;
            state.GrowingBytes += (long)count * sizeof(ulong);
        }
    }

    public override void Undo(KeyState state, in UndoLog.Entry entry)
    {
        switch (entry.Number)
        {
            case -1:
                state.Parts[entry.Index] = entry.Old;
                break;
            case -2:
                ((HashSet<ulong>)entry.Old!).Remove((ulong)entry.Value.AsLong);
                break;
            default:
                ((HyperLogLog)entry.Old!).Restore((int)entry.Number, (byte)entry.Value.AsLong);
                break;
        }
    }
}
