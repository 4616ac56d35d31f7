namespace AkkaFeeds.Definitions.Files;

/// <summary>Section <c>key</c>.</summary>
public sealed record KeyOptions
{
    /// <summary>The largest state of one key, in bytes; 1 KiB to 256 MiB, default 8 MiB. A record that would exceed
    /// it is quarantined
    /// (<c>limit</c>).</summary>
    public long Bytes { get; init; } = 8 * 1024 * 1024;
}
