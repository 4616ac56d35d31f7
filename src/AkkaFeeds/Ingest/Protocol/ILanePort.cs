using AkkaFeeds.Contracts;

namespace AkkaFeeds.Ingest.Protocol;

/// <summary>What <see cref="LaneProtocol"/> asks of its owner, done in the order of the calls.</summary>
internal interface ILanePort
{
    /// <summary>
    /// Sends rows, an ask or a wish for a checkpoint to a slot, at most once; messages of one lane to one slot keep
    /// their order.
    /// </summary>
    void Send(ISlotMessage message);

    /// <summary>
    /// Reads the partition again from <paramref name="offset"/>. What was fetched under an older generation is
    /// dropped for ever, and <see cref="LateRule"/> starts again at <paramref name="newestEventTime"/>.
    /// </summary>
    /// <param name="offset">The floor.</param>
    /// <param name="fetchGeneration">The generation of what is read from now on.</param>
    /// <param name="newestEventTime">The newest event time below the floor, Unix ms.</param>
    /// <param name="recordsInVain">How many records above the floor were read for nothing.</param>
    void Rewind(long offset, int fetchGeneration, long newestEventTime, int recordsInVain);

    /// <summary>A slot counted rows as applied, as duplicates or as refused: deliveries, for the metrics.</summary>
    void Delivered(long applied, long duplicates, IReadOnlyList<Refusal> refused);

    /// <summary>The lane has ended: it sends, writes and commits nothing more.</summary>
    void Ended(LaneEnd end);
}
