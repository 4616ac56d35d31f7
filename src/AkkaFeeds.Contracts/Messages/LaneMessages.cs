namespace AkkaFeeds.Contracts;

/// <summary>One reason why a row was not folded. Its record is quarantined.</summary>
/// <param name="Offset">The row's offset in the lane's partition.</param>
/// <param name="Reason">One of <see cref="Reasons"/>.</param>
/// <param name="Detail">What an operator reads, naming the field; never more than 500 characters.</param>
public sealed record Refusal(long Offset, string Reason, string Detail);

/// <summary>What lane and slot say to each other (product.md, section 2).</summary>
public static class LaneMessages
{
    /// <summary>
    /// What <see cref="Rows"/> and <see cref="Ask"/> share: where the lane is, and what it knows of the slot.
    /// </summary>
    public interface IFromLane : ISlotMessage
    {
        /// <summary>The lane.</summary>
        LaneId Lane { get; }

        /// <summary>The lane's lease: unique to its incarnation, held in the ledger.</summary>
        string Lease { get; }

        /// <summary>How often this lane has rewound.</summary>
        int Round { get; }

        /// <summary>C: every record below it is durable, as the ledger says.</summary>
        long Floor { get; }

        /// <summary>
        /// P: the last row sent to this slot before this message, or null where none was since the lane's start.
        /// </summary>
        long? Previous { get; }

        /// <summary>Kafka's leader epoch of the row at <see cref="Previous"/>, or -1.</summary>
        int PreviousLeaderEpoch { get; }

        /// <summary>Every row of the slot below this offset has been sent, with this message.</summary>
        long Read { get; }

        /// <summary>The end of the partition's log, as the lane last saw it (exclusive).</summary>
        long End { get; }

        /// <summary>The epoch that the lane knows of the slot, or null.</summary>
        string? Epoch { get; }
    }

    /// <summary>
    /// Rows of a slot, all of them after <see cref="IFromLane.Previous"/> and below <see cref="IFromLane.Read"/>.
    /// </summary>
    /// <param name="Slot">The slot.</param>
    /// <param name="Lane">The lane.</param>
    /// <param name="Lease">The lane's lease.</param>
    /// <param name="Round">How often the lane has rewound.</param>
    /// <param name="Floor">C.</param>
    /// <param name="Previous">P, or null.</param>
    /// <param name="PreviousLeaderEpoch">Kafka's leader epoch of the row at P, or -1.</param>
    /// <param name="Read">Up to where the slot's rows have been sent, exclusive.</param>
    /// <param name="End">The log's end, exclusive.</param>
    /// <param name="Epoch">The slot's epoch as the lane knows it, or null.</param>
    /// <param name="LeaderEpoch">
    /// Kafka's leader epoch of every row of the block, or -1 where the broker does not say. A row that stands under
    /// another leader epoch than the one that was folded is another row: the log was truncated in between.
    /// </param>
    /// <param name="Block">The rows; at least one.</param>
    public sealed record Rows(
        SlotId Slot, LaneId Lane, string Lease, int Round, long Floor, long? Previous, int PreviousLeaderEpoch,
        long Read, long End, string? Epoch, int LeaderEpoch, RowBlock Block) : IFromLane;

    /// <summary>The same without rows: is the slot where the lane thinks it is?</summary>
    public sealed record Ask(
        SlotId Slot, LaneId Lane, string Lease, int Round, long Floor, long? Previous, int PreviousLeaderEpoch,
        long Read, long End, string? Epoch) : IFromLane;

    /// <summary>Checkpoint without waiting for the time to come; a lane that is being revoked asks this.</summary>
    public sealed record CheckpointNow(SlotId Slot) : ISlotMessage;

    /// <summary>What a slot has folded and what of it is durable, of one partition.</summary>
    /// <param name="Slot">The slot.</param>
    /// <param name="Lane">The partition; of any lease, round or incarnation.</param>
    /// <param name="Epoch">The slot's incarnation.</param>
    /// <param name="Applied">W: the last row folded or skipped, or -1.</param>
    /// <param name="LeaderEpoch">
    /// Kafka's leader epoch of the row at <paramref name="Applied"/>, or -1: a lane that finds a newer one at or
    /// below it knows that the slot stands on a log that was cut.
    /// </param>
    /// <param name="Durable">The W of the newest complete checkpoint, or -1.</param>
    /// <param name="Refusals">All refusals up to <paramref name="Durable"/> that the slot still holds.</param>
    /// <param name="Duplicates">How many rows of the message that this answers were at or below W.</param>
    public sealed record State(
        SlotId Slot, LaneId Lane, string Epoch, long Applied, int LeaderEpoch, long Durable,
        IReadOnlyList<Refusal> Refusals,
        int Duplicates)
        : IFeedMessage
    {
        /// <summary>
        /// Offsets of the rows that were just refused, durable or not: a hint to keep their bytes until the refusal
        /// itself comes. Nothing is lost but these where it does not arrive.
        /// </summary>
        public IReadOnlyList<long> RefusedNow { get; init; } = [];
    }

    /// <summary>The slot lacks rows that the lane believes sent: rewind to the floor.</summary>
    /// <param name="Slot">The slot.</param>
    /// <param name="Lane">The partition.</param>
    /// <param name="Lease">The lease of the message that this answers.</param>
    /// <param name="Round">The round of the message that this answers; a lane in another round ignores it.</param>
    public sealed record Gap(SlotId Slot, LaneId Lane, string Lease, int Round) : IFeedMessage;
}
