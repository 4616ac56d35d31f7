using System.Collections.Concurrent;

namespace AkkaFeeds.Telemetry;

/// <summary>A histogram of durations by feed; bounds are inclusive, in seconds, rising. Any thread may write and
/// read.</summary>
internal sealed class MetricHistogram(MetricDefinition definition, IReadOnlyList<double> boundsSeconds)
{
    private readonly ConcurrentDictionary<string, Buckets> feeds = new(StringComparer.Ordinal);

    public MetricDefinition Definition { get; } = definition;

    public IReadOnlyList<double> BoundsSeconds { get; } = boundsSeconds;

    public void Touch(string feed) => Of(feed);

    public void Observe(string feed, double seconds)
    {
        var buckets = Of(feed);
        var index = 0;
        while (index < BoundsSeconds.Count && seconds > BoundsSeconds[index])
        {
            index++;
        }

        lock (buckets)
        {
            buckets.Counts[index]++;
            buckets.Sum += seconds;
        }
    }

    /// <summary>For each feed the counts up to each bound (cumulative, the last one is all) and the sum of
    /// seconds.</summary>
    public IEnumerable<(string Feed, long[] Cumulative, double Sum)> Read()
    {
        foreach (var (feed, buckets) in feeds.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            long[] counts;
            double sum;
            lock (buckets)
            {
                counts = [.. buckets.Counts];
                sum = buckets.Sum;
            }

            for (var index = 1; index < counts.Length; index++)
            {
                counts[index] += counts[index - 1];
            }

            yield return (feed, counts, sum);
        }
    }

    private Buckets Of(string feed) => feeds.GetOrAdd(feed, _ => new Buckets(new long[BoundsSeconds.Count + 1]));

    private sealed class Buckets(long[] counts)
    {
        public long[] Counts { get; } = counts;

        public double Sum { get; set; }
    }
}
