namespace AkkaFeeds.Ingest.Protocol;

/// <summary>How many records below a floor went where; each record counted once, whatever the deliveries.</summary>
/// <param name="Applied">Folded.</param>
/// <param name="Filtered">Not wanted.</param>
/// <param name="Late">Too old.</param>
/// <param name="Quarantined">Not decodable, nameable or foldable.</param>
/// <param name="Unkeyed">Those of the quarantined that no slot refused: nobody knows which key misses them.</param>
internal readonly record struct LedgerCounts(long Applied, long Filtered, long Late, long Quarantined, long Unkeyed)
{
    /// <summary>All of them.</summary>
    public long Consumed => Applied + Filtered + Late + Quarantined;
}
