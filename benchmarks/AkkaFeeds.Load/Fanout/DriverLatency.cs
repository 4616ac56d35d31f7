namespace AkkaFeeds.Load;

/// <summary>A distribution as the driver tells it: milliseconds, in buckets of 1/64 of their value.</summary>
/// <param name="Count">How many values.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="P50">The median.</param>
/// <param name="P90">Nine tenths are at most this.</param>
/// <param name="P99">99 of 100 are at most this.</param>
/// <param name="P999">999 of 1,000 are at most this.</param>
/// <param name="Max">The greatest.</param>
internal sealed record DriverLatency(
    long Count, double Mean, double P50, double P90, double P99, double P999, double Max);
