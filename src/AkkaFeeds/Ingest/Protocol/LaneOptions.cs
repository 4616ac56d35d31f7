namespace AkkaFeeds.Ingest.Protocol;

/// <summary>The limits of a lane; at either of them it accepts no batch until slots have caught up.</summary>
internal sealed record LaneOptions
{
    /// <summary>
    /// Rows sent and neither applied nor durable; a batch is never cut, so one batch more may be under way.
    /// </summary>
    public int RowsInFlightMax { get; init; } = 32_768;

    /// <summary>
    /// Records read and not below the floor, which a checkpoint raises. Each costs 17 bytes, a row 8 more.
    /// </summary>
    public int RecordsAboveFloorMax { get; init; } = 4_000_000;

    /// <summary>
    /// Records whose bytes are kept until their slots have folded or refused them. Beyond it the oldest go: what a
    /// slot then refuses is listed with position and reason, and read from Kafka when it is asked for.
    /// </summary>
    public int RecordsWithBytesMax { get; init; } = 65_536;
}
