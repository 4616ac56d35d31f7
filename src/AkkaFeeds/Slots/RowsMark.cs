using AkkaFeeds.Contracts;

namespace AkkaFeeds.Slots;

/// <summary>
/// Names all that a slot's rows are made of. Who holds the same mark holds the same rows and need not be sent them;
/// what is left out of it would be told to nobody. Pure.
/// </summary>
/// <param name="Epoch">The slot's incarnation: a later one counts its changes from 0 again.</param>
/// <param name="Changes">Counts the changes of all keys.</param>
/// <param name="Refusals">Counts the records that keys miss.</param>
/// <param name="Usual">The state of a key that misses no record.</param>
internal readonly record struct RowsMark(string Epoch, long Changes, long Refusals, FreshnessStatus Usual)
{
    /// <summary>The mark, as it travels.</summary>
    public string Text =>
#if DEFECT_ROWS_MARK_WITHOUT_EPOCH
        $"{Changes}:{Refusals}:{Usual.State}:{Usual.Reason}";
#else
        $"{Epoch}:{Changes}:{Refusals}:{Usual.State}:{Usual.Reason}";
#endif

    /// <summary>Whether who asks has the rows already.</summary>
    public bool IsHeldBy(SlotQueries.GetRows query) => query.Mark == Text;
}
