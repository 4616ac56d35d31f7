namespace AkkaFeeds.Contracts;

/// <summary>What an edge asks a slot, and what the slot answers.</summary>
public static class SlotQueries
{
    /// <summary>Are you recovered? Answered by <see cref="SlotStatus"/> once the slot is.</summary>
    public sealed record GetStatus(SlotId Slot) : ISlotMessage;

    /// <summary>What does this key show? Answered by a <see cref="KeySnapshot"/>.</summary>
    public sealed record GetKey(SlotId Slot, KeyName Key) : ISlotMessage;

    /// <summary>Which keys do you hold? Answered by a <see cref="SlotKeys"/>.</summary>
    public sealed record ListKeys(SlotId Slot, string Tenant, string Prefix, string? After, int Limit) : ISlotMessage;

    /// <summary>Your best rows of a collection. Answered by a <see cref="SlotRows"/>.</summary>
    /// <param name="Slot">The slot.</param>
    /// <param name="Tenant">The tenant.</param>
    /// <param name="Query">What is wanted.</param>
    /// <param name="Mark">The <see cref="SlotRows.Mark"/> held; answered by <see cref="Unchanged"/> if it is the
    /// same.</param>
    public sealed record GetRows(SlotId Slot, string Tenant, RowsQuery Query, string? Mark = null) : ISlotMessage;

    /// <summary>A slot that has recovered its journal.</summary>
    /// <param name="Slot">The slot.</param>
    /// <param name="Epoch">Its incarnation.</param>
    /// <param name="Keys">How many keys it holds.</param>
    /// <param name="Rebuilding">Whether it is still behind the log's end that stood at its recovery.</param>
    public sealed record SlotStatus(SlotId Slot, string Epoch, long Keys, bool Rebuilding) : IFeedMessage;

    /// <summary>What was asked for is what it was.</summary>
    public sealed record Unchanged(SlotId Slot) : IFeedMessage
    {
        /// <summary>Who says so; see <see cref="SlotRows.Incarnation"/>.</summary>
        public long Incarnation { get; init; }
    }

    /// <summary>The first keys of a slot behind <see cref="ListKeys.After"/>, by UTF-8 bytes.</summary>
    public sealed record SlotKeys(SlotId Slot, IReadOnlyList<string> Keys, bool More) : IFeedMessage;

    /// <summary>The best rows of a slot, with the value that each is sorted by.</summary>
    /// <param name="Slot">The slot.</param>
    /// <param name="Epoch">The slot's incarnation.</param>
    /// <param name="Changes">Counts the changes of all keys of the slot in this incarnation.</param>
    /// <param name="Rows">The rows, best first.</param>
    /// <param name="SortValues">A value a row; empty where the sort is by key.</param>
    /// <param name="Total">How many keys match, before the cut.</param>
    /// <param name="At">The newest <c>created</c> instant among the rows.</param>
    /// <param name="Mark">Names all that rows are made of: another one means other rows, perhaps.</param>
    public sealed record SlotRows(
        SlotId Slot, string Epoch, long Changes, IReadOnlyList<ViewRow> Rows, IReadOnlyList<Value> SortValues,
        long Total,
        long At, string Mark) : IFeedMessage
    {
        /// <summary>
        /// Rises with every recovery of the slot: an answer that comes behind a newer one's is told by it. 0 from a
        /// node of a release that does not say.
        /// </summary>
        public long Incarnation { get; init; }
    }
}
