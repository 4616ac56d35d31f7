using System.Text;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Expressions;
using AkkaFeeds.Slots.Keys;

namespace AkkaFeeds.Definitions.Aggregates;

/// <summary>
/// Weights by item, with the best few kept in order. The order among equals is that of the items' UTF-8.
/// </summary>
internal sealed class TopTable(int size)
{
    private const int ItemBytes = 12;
    private const int UndoTerm = 1;
    private const int UndoForm = 2;
    private const int UndoNew = 3;

    private readonly ItemTable items = new();
    private readonly List<int> best = [];

    // By item, where some weight of it was not whole; null where none of any item was.
    private Dictionary<int, ExactSum>? exacts;

    public int Count => items.Count;

    public int BestCount => best.Count;

    /// <summary>How many bytes the encoded form takes, about.</summary>
    public long EncodedBytes { get; private set; }

    public bool Contains(string name) => items.Find(name) >= 0;

    public string NameAt(int rank) => items[best[rank]].Name;

    public Value WeightAt(int rank) => WeightOf(best[rank]);

    /// <summary>
    /// Adds to an item's weight; false, and nothing changed, where it does not fit. Names what is shown differently.
    /// </summary>
    public bool TryAdd(string name, in Value added, List<string>? members, out int index, out int undo, out bool shown)
    {
        shown = false;
        index = items.Find(name);
        var isNew = index < 0;
        if (isNew)
        {
            index = items.Add(name);
            EncodedBytes += ItemBytes + Encoding.UTF8.GetByteCount(name);
        }

        var before = WeightOf(index);
        undo = isNew ? UndoNew : !added.IsLong && exacts?.ContainsKey(index) != true ? UndoForm : UndoTerm;
        if (!TryChange(index, added, 1))
        {
            if (isNew)
            {
                RemoveLast();
            }

            return false;
        }

        var wasShown = items[index].Rank >= 0;
        var order = Comparison.CompareNumbers(WeightOf(index), before);
        var dropped = Move(index, isNew, order);
        var isShown = items[index].Rank >= 0;
        shown = (isShown && (order != 0 || !wasShown)) || wasShown != isShown;
        if (shown && members is not null)
        {
            members.Add(name);
            if (dropped is not null)
            {
                members.Add(dropped);
            }
        }

        return true;
    }

    /// <summary>Takes an addition back; <paramref name="undo"/> is what <see cref="TryAdd"/> said of it.</summary>
    public void TakeBack(int index, int undo, in Value added)
    {
        if (undo == UndoNew)
        {
            TakeBackNew();
            return;
        }

        var before = WeightOf(index);
        if (undo == UndoForm)
        {
            // The whole number that the exact sum began with still stands.
            exacts!.Remove(index);
        }
        else
        {
            TryChange(index, added, -1);
        }

        Move(index, false, Comparison.CompareNumbers(WeightOf(index), before));
    }

    /// <summary>Writes the items by their UTF-8, so that equal tables have equal bytes.</summary>
    public void Encode(StateWriter writer)
    {
        var order = new (string name, int index)[items.Count];
        for (var index = 0; index < order.Length; index++)
        {
            order[index] = (items[index].Name, index);
        }

        Array.Sort(order, static (x, y) => Utf8Order.Compare(x.name, y.name));
        writer.Unsigned((ulong)order.Length);
        foreach (var (name, index) in order)
        {
            writer.Text(name);
            if (exacts is not null && exacts.TryGetValue(index, out var exact))
            {
                writer.Byte(1);
                exact.Encode(writer);
            }
            else
            {
                writer.Byte(0);
                writer.Signed(items[index].Whole);
            }
        }
    }

    public static TopTable Decode(int size, int count, ref StateReader reader)
    {
        var table = new TopTable(size);
        for (var index = 0; index < count; index++)
        {
            var name = reader.Text();
            table.EncodedBytes += ItemBytes + Encoding.UTF8.GetByteCount(name);
            if (table.items.Find(name) >= 0)
            {
                throw new InvalidDataException("A key's bytes hold an item twice.");
            }

            table.items.Add(name);
            if (reader.Byte() == 0)
            {
                table.items[index].Whole = reader.Signed();
            }
            else
            {
                table.exacts ??= [];
                table.exacts.Add(index, ExactSum.Decode(ref reader));
            }
        }

        table.Rank();
        return table;
    }

    private Value WeightOf(int index) => exacts is not null && exacts.TryGetValue(index, out var exact)
        ? Value.Of(exact.Rounded())
        : Value.Of(items[index].Whole);

    private bool TryChange(int index, in Value added, int sign)
    {
        var exact = exacts?.GetValueOrDefault(index);
        if (added.IsLong && exact is null)
        {
            var sum = (Int128)items[index].Whole + ((Int128)sign * added.AsLong);
            if (sum < long.MinValue || sum > long.MaxValue)
            {
                return false;
            }

            items[index].Whole = (long)sum;
            return true;
        }

        if (exact is null)
        {
            exact = new ExactSum();
            exact.Add(items[index].Whole);
            if (!exact.TryAdd(sign * added.AsDouble))
            {
                return false;
            }

            exacts ??= [];
            exacts.Add(index, exact);
            return true;
        }

        if (added.IsLong)
        {
            exact.Add((Int128)sign * added.AsLong);
            return true;
        }

        return exact.TryAdd(sign * added.AsDouble);
    }

    // The newest item, which leaves its place among the best, where it has one, to the best of the others.
    private void TakeBackNew()
    {
        var rank = items[items.Count - 1].Rank;
        RemoveLast();
        if (rank < 0)
        {
            return;
        }

        RemoveRank(rank);
        if (items.Count > best.Count)
        {
            Append(BestOutside());
        }
    }

    private void RemoveLast()
    {
        var last = items.Count - 1;
        EncodedBytes -= ItemBytes + Encoding.UTF8.GetByteCount(items[last].Name);
        exacts?.Remove(last);
        items.RemoveLast();
    }

    // Puts the item where it belongs now; the name of the item that left the best for it, or null.
    private string? Move(int index, bool isNew, int order)
    {
        var rank = items[index].Rank;
        if (rank >= 0 && order < 0 && items.Count > best.Count
            && (rank == best.Count - 1 || IsBetter(best[^1], index)))
        {
            // It may have to leave for the best of those that are not shown, which is worse than all others that are.
            var came = BestOutside();
            if (IsBetter(came, index))
            {
                items[index].Rank = -1;
                RemoveRank(rank);
                Append(came);
                return items[came].Name;
            }
        }

        string? dropped = null;
        if (rank < 0)
        {
            if (best.Count < size)
            {
                best.Add(index);
            }
            else if (!(isNew || order > 0) || !IsBetter(index, best[^1]))
            {
                return null;
            }
            else
            {
                dropped = items[best[^1]].Name;
                items[best[^1]].Rank = -1;
                best[^1] = index;
            }

            rank = best.Count - 1;
            items[index].Rank = rank;
        }

        for (; rank > 0 && IsBetter(index, best[rank - 1]); rank--)
        {
            Swap(rank, rank - 1);
        }

        for (; rank < best.Count - 1 && IsBetter(best[rank + 1], index); rank++)
        {
            Swap(rank, rank + 1);
        }

        return dropped;
    }

    private void RemoveRank(int rank)
    {
        best.RemoveAt(rank);
        for (; rank < best.Count; rank++)
        {
            items[best[rank]].Rank = rank;
        }
    }

    private void Append(int index)
    {
        items[index].Rank = best.Count;
        best.Add(index);
    }

    // The best item that is not among the best; there is one.
    private int BestOutside()
    {
        var found = -1;
        for (var index = 0; index < items.Count; index++)
        {
            if (items[index].Rank < 0 && (found < 0 || IsBetter(index, found)))
            {
                found = index;
            }
        }

        return found;
    }

    private void Swap(int left, int right)
    {
        (best[left], best[right]) = (best[right], best[left]);
        items[best[left]].Rank = left;
        items[best[right]].Rank = right;
    }

    private bool IsBetter(int left, int right)
    {
        var order = exacts is null
            ? items[left].Whole.CompareTo(items[right].Whole)
            : Comparison.CompareNumbers(WeightOf(left), WeightOf(right));
        return order != 0 ? order > 0 : Utf8Order.Compare(items[left].Name, items[right].Name) < 0;
    }

    private void Rank()
    {
        var order = new int[items.Count];
        for (var index = 0; index < order.Length; index++)
        {
            order[index] = index;
        }

        Array.Sort(order, (left, right) => left == right ? 0 : IsBetter(left, right) ? -1 : 1);
        foreach (var index in order.AsSpan(0, Math.Min(size, order.Length)))
        {
            Append(index);
        }
    }
}
