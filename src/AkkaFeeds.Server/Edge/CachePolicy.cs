using System.Globalization;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Server.Edge;

/// <summary>
/// Whether a cache on the way may serve an answer again, as <c>Cache-Control</c> (RFC 9111) says it.
/// </summary>
internal static class CachePolicy
{
    /// <summary>
    /// A live view may be shown for as long as it keeps its feed's promise: so long, less its age, it may be served
    /// without asking. Who reads through a cache adds the header <c>Age</c> to <c>AkkaFeeds-Now</c>.
    /// </summary>
    /// <param name="sloMilliseconds">The feed's promise; null for none.</param>
    /// <param name="shown">The keys that the answer shows; none where it is not to be kept.</param>
    /// <param name="now">Unix ms.</param>
    /// <param name="read">Up to when the feed has been read, Unix ms.</param>
    public static string Of(long? sloMilliseconds, IReadOnlyList<KeySnapshot> shown, long now, long read)
    {
        var isLive = shown.Count > 0 && shown.All(key => key.Freshness.State == FreshnessState.Live);
        var age = isLive ? now - Math.Max(read, shown.Min(key => key.At)) : 0;
        var seconds = isLive && sloMilliseconds is { } slo ? (slo - Math.Max(age, 0)) / 1_000 : 0;
        return seconds > 0
            ? string.Create(CultureInfo.InvariantCulture, $"public, max-age={seconds}")
            : "no-cache";
    }
}
