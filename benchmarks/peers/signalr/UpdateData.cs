namespace AkkaFeeds.Peers;

/// <summary>The data; Sent is Unix time in microseconds, which the driver compares with its clock.</summary>
internal sealed record UpdateData(long N, long Sent, string Pad);
