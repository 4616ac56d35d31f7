using AkkaFeeds.Contracts;

namespace AkkaFeeds.Ingest.Protocol;

/// <summary>What <see cref="LaneProtocol"/> asks of its owner.</summary>
internal interface ILanePort
{
    /// <summary>Sends rows or an ask to a slot.</summary>
    void Send(LaneMessages.IFromLane message);

    /// <summary>Reads the partition again from an offset; records of an older fetch generation must not be offered any more.</summary>
    void Rewind(long offset);

    /// <summary>A slot counted rows as applied, as duplicates or as refused: deliveries, for the metrics.</summary>
    void Delivered(long applied, long duplicates, long refused);
}
