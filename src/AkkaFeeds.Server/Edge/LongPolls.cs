using AkkaFeeds.Server.Edge.Streams;
using AkkaFeeds.Telemetry;

namespace AkkaFeeds.Server.Edge;

/// <summary>
/// How many long polls this node holds at once: each watches its key as a subscription does, and passes nothing of
/// what stands before streams. Safe for several threads.
/// </summary>
/// <param name="most">How many.</param>
/// <param name="metrics">Where they are counted.</param>
internal sealed class LongPolls(int most, ClientMetrics metrics)
{
    /// <summary>When to come back: a place is free when another poll ends, which is within its <c>wait</c>.</summary>
    public const int RetryAfterMilliseconds = 5_000;

    /// <summary>Takes a place, which is given back when the result is disposed.</summary>
    /// <exception cref="ProblemException">None is free.</exception>
    public IDisposable Enter()
    {
        if (metrics.Polls(1) > most)
        {
            metrics.Polls(-1);
            throw ConnectionAdmission.TooMany(
                "This node holds as many long polls as limits.longPolls allows; without wait it answers at once.",
                RetryAfterMilliseconds);
        }

        return new Place(metrics);
    }

    private sealed class Place(ClientMetrics metrics) : IDisposable
    {
        private ClientMetrics? metrics = metrics;

        public void Dispose() => Interlocked.Exchange(ref metrics, null)?.Polls(-1);
    }
}
