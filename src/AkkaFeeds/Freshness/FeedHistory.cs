using AkkaFeeds.Contracts;
using AkkaFeeds.Telemetry;

namespace AkkaFeeds.Freshness;

/// <summary>
/// What a feed was in the last quarter of an hour, sampled: its states, and the counts of its ages, of which the last
/// minute's percentiles are made. Any thread.
/// </summary>
internal sealed class FeedHistory
{
    /// <summary>How often <see cref="Sample"/> is to be called.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    /// <summary>Of how long ago percentiles are made.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(15);
    private static readonly int ReadingsMax = (int)(Window / Every);

    private readonly Lock gate = new();
    private readonly LinkedList<FeedStateSpan> spans = new();
    private readonly Queue<long[]> readings = new();

    /// <summary>Takes what the feed is now.</summary>
    /// <param name="state">Its state.</param>
    /// <param name="meter">The ages so far.</param>
    /// <param name="now">Unix ms.</param>
    public void Sample(FreshnessStatus state, FreshnessMeter meter, long now)
    {
        lock (gate)
        {
            Add(state, now);
            readings.Enqueue(meter.Read());
            if (readings.Count > ReadingsMax)
            {
                readings.Dequeue();
            }
        }
    }

    /// <summary>The states, oldest first; the last one lasts until now.</summary>
    public IReadOnlyList<FeedStateSpan> States(FreshnessStatus state, long now)
    {
        lock (gate)
        {
            Add(state, now);
            return [.. spans];
        }
    }

    /// <summary>The ages of the last minute, by stage.</summary>
    public IReadOnlyList<StageFreshness> Stages(FreshnessMeter meter)
    {
        long[]? before;
        lock (gate)
        {
            readings.TryPeek(out before);
        }

        var now = meter.Read();
        return [.. from stage in Enum.GetValues<FreshnessStage>()
            let counted = meter.Between(stage, before, now)
            where counted.Sum() > 0
            select new StageFreshness(
                FreshnessMeter.Word(stage), counted.Sum(), meter.Percentile(counted, 0.5),
                meter.Percentile(counted, 0.9), meter.Percentile(counted, 0.99),
                meter.Buckets(counted))];
    }

    private void Add(FreshnessStatus state, long now)
    {
        if (spans.Last is { Value: var last } && last.State == state.State && last.Reason == state.Reason)
        {
            spans.Last.Value = last with { To = Math.Max(last.To, now) };
        }
        else
        {
            // A clock that is put back must not make a stretch that ends before it begins.
            var from = spans.Last?.Value.To ?? now;
            spans.AddLast(new FeedStateSpan(state.State, state.Reason, from, Math.Max(from, now)));
        }

        while (spans.First is { Next: not null, Value: var first } && now - first.To > Kept.TotalMilliseconds)
        {
            spans.RemoveFirst();
        }
    }
}
