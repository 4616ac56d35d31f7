using AkkaFeeds.Contracts;

namespace AkkaFeeds.Slots;

/// <summary>
/// The best rows of a slot: of all keys that are offered those that stand first in a query's order, as many as it
/// wants, and how many were offered. Holds no more than it gives, whatever the slot has. Pure.
/// </summary>
/// <typeparam name="TKey">What a key is to the slot.</typeparam>
internal sealed class RowsTop<TKey>
{
    private readonly PriorityQueue<TKey, (Value Sort, string Name)> best;
    private readonly int limit;

    /// <summary>Begins with no row.</summary>
    /// <param name="query">What is wanted.</param>
    public RowsTop(RowsQuery query)
    {
        var order = new RowOrder(query.Descending);
        limit = query.Limit;
        best = new(Comparer<(Value Sort, string Name)>.Create((x, y) => order.Compare(y, x)));
    }

    /// <summary>How many keys were offered.</summary>
    public long Total { get; private set; }

    /// <summary>Takes a key, if it is among the best so far.</summary>
    /// <param name="key">The key.</param>
    /// <param name="name">Its name.</param>
    /// <param name="sort">What it is sorted by; absent where the sort is by key.</param>
    public void Offer(TKey key, string name, Value sort)
    {
#if DEFECT_ROWS_TOTAL_AFTER_CUT
        Total = Math.Min(Total + 1, limit);
#else
        Total++;
#endif
        if (best.Count < limit)
        {
            best.Enqueue(key, (sort, name));
        }
#if !DEFECT_ROWS_FIRST_FOUND
        else
        {
            best.EnqueueDequeue(key, (sort, name));
        }
#endif
    }

    /// <summary>Gives the best, the best first, and is empty then.</summary>
    public (TKey Key, Value Sort)[] Take()
    {
        var taken = new (TKey Key, Value Sort)[best.Count];
        for (var index = taken.Length - 1; index >= 0; index--)
        {
            best.TryDequeue(out var key, out var place);
            taken[index] = (key!, place.Sort);
        }

        return taken;
    }
}
