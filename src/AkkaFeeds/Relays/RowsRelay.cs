using AkkaFeeds.Contracts;

namespace AkkaFeeds.Relays;

/// <summary>
/// What a node shows of one watched collection, and when: as soon as every slot has answered what it was asked, so
/// that what came of one change in several slots is seen at once, and at the tick whatever there is. Pure.
/// </summary>
/// <param name="merge">The best rows of all slots.</param>
internal sealed class RowsRelay(RowsMerge merge)
{
    /// <summary>How often slots are asked, and so how often the collection may change.</summary>
    public static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(250);

    // So many changes may come close together; in the long run there is one for each time that slots are asked. What
    // is answered twice, or late, makes a collection no faster.
    private const int AtOnce = 4;

    private TimeSpan nextAt;

    /// <summary>What is shown, and where screens find it; null while nothing is known.</summary>
    public Latest<RowsView>? Latest { get; private set; }

    /// <summary>The slots to ask now, each with the mark of what it said last.</summary>
    public IEnumerable<(SlotId Slot, string? Mark)> ToAsk(TimeSpan now) =>
        merge.ToAsk(now).Select(slot => (slot, merge.MarkOf(slot)));

    /// <summary>A slot's rows; true where something else is shown now.</summary>
    public bool On(SlotQueries.SlotRows rows, TimeSpan now, bool storeDown)
    {
        merge.On(rows, now);
        return merge.IsAnswered && Tick(now, storeDown);
    }

    /// <summary>A slot has nothing new; true where something else is shown now.</summary>
    public bool On(SlotQueries.Unchanged unchanged, TimeSpan now, bool storeDown)
    {
        merge.On(unchanged, now);
        return merge.IsAnswered && Tick(now, storeDown);
    }

    /// <summary>Time has passed; true where something else is shown now.</summary>
    /// <param name="now">The time.</param>
    /// <param name="storeDown">Whether the store is known not to answer.</param>
    public bool Tick(TimeSpan now, bool storeDown)
    {
        if (now + ((AtOnce - 1) * AskEvery) < nextAt || merge.Merge(Latest?.View, now, storeDown) is not { } merged)
        {
            return false;
        }

        nextAt = TimeSpan.FromTicks(Math.Max(nextAt.Ticks, now.Ticks)) + AskEvery;
        Latest ??= new(merged);
        Latest.View = merged;
        return true;
    }
}
