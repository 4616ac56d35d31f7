namespace AkkaFeeds.Definitions.Files;

/// <summary>Section <c>quarantine</c>.</summary>
public sealed record QuarantineOptions
{
    /// <summary>The bytes of quarantined records that one partition's ledger keeps; 0 to 1 TiB, default 64 MiB.
    /// Beyond it position and
    /// reason are kept, and a retry reads the record from Kafka.</summary>
    public long Bytes { get; init; } = 64 * 1024 * 1024;
}
