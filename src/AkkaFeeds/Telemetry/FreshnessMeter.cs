using AkkaFeeds.Contracts;

namespace AkkaFeeds.Telemetry;

/// <summary>How old the records of one feed are at each stage. Any thread may write and read; nothing waits.</summary>
public sealed class FreshnessMeter
{
    // The inclusive upper bounds of the buckets; the last bucket has none.
    private static readonly int[] BoundsAlways =
        [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000];

    private static readonly int StageCount = Enum.GetValues<FreshnessStage>().Length;
    private readonly int[] boundsMilliseconds;
    private readonly long[] counts;
    private readonly long[] sums = new long[StageCount];

    /// <summary>Makes one that has counted nothing.</summary>
    /// <param name="sloMilliseconds">
    /// The age that the feed promises. It is a bound of its own, so that a percentile is above it when records are.
    /// </param>
    public FreshnessMeter(long? sloMilliseconds = null)
    {
        boundsMilliseconds = sloMilliseconds is >= 1 and var slo
            ? BoundsWith((int)Math.Min(slo, int.MaxValue / 2))
            : BoundsAlways;
        counts = new long[StageCount * (boundsMilliseconds.Length + 1)];
        BoundsSeconds = [.. boundsMilliseconds.Select(bound => bound / 1000.0)];
    }

    /// <summary>The upper bounds of the buckets, in seconds; the last bucket has none.</summary>
    internal IReadOnlyList<double> BoundsSeconds { get; }

    // What is over the promise needs a bucket with an end.
    private static int[] BoundsWith(int slo) =>
        [.. BoundsAlways.Append(slo).Append(Math.Max(BoundsAlways[^1], 2 * slo)).Distinct().Order()];

    /// <summary>A record has come to a stage.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="milliseconds">Its age there; clocks that differ may make it less than nothing.</param>
    public void Observe(FreshnessStage stage, long milliseconds)
    {
        var age = Math.Max(0, milliseconds);
        var bucket = 0;
        while (bucket < boundsMilliseconds.Length && age > boundsMilliseconds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref counts[((int)stage * (boundsMilliseconds.Length + 1)) + bucket]);
        Interlocked.Add(ref sums[(int)stage], age);
    }

    /// <summary>The counts of all stages and buckets so far; <see cref="Percentile"/> compares two.</summary>
    internal long[] Read()
    {
        var read = new long[counts.Length];
        for (var index = 0; index < read.Length; index++)
        {
            read[index] = Interlocked.Read(ref counts[index]);
        }

        return read;
    }

    /// <summary>A stage as metrics and the wire call it.</summary>
    internal static string Word(FreshnessStage stage) => stage switch
    {
        FreshnessStage.Produce => "produce",
        FreshnessStage.Ingest => "ingest",
        FreshnessStage.Publish => "publish",
        FreshnessStage.Write => "write",
        FreshnessStage.Render => "render",
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "no stage"),
    };

    /// <summary>The ages of a stage together, ms.</summary>
    internal long SumMilliseconds(FreshnessStage stage) => Interlocked.Read(ref sums[(int)stage]);

    /// <summary>The counts of one stage, by bucket, between two readings.</summary>
    internal long[] Between(FreshnessStage stage, long[]? before, long[] now)
    {
        var buckets = boundsMilliseconds.Length + 1;
        var counted = new long[buckets];
        for (var bucket = 0; bucket < buckets; bucket++)
        {
            var index = ((int)stage * buckets) + bucket;
            counted[bucket] = now[index] - (before?[index] ?? 0);
        }

        return counted;
    }

    /// <summary>The buckets that something fell into, the youngest first.</summary>
    /// <param name="counted">Counts by bucket.</param>
    internal IReadOnlyList<AgeBucket> Buckets(long[] counted) =>
        [.. counted.Select((count, bucket) => new AgeBucket(
                bucket == 0 ? 0 : boundsMilliseconds[bucket - 1],
                bucket < boundsMilliseconds.Length ? boundsMilliseconds[bucket] : null, count))
            .Where(bucket => bucket.Count > 0)];

    /// <summary>
    /// A percentile of ages, ms: inside its bucket as if those were spread evenly; what is above the last bound counts
    /// as that bound.
    /// </summary>
    /// <param name="counted">Counts by bucket.</param>
    /// <param name="part">0 to 1.</param>
    internal double Percentile(long[] counted, double part)
    {
        var rank = part * counted.Sum();
        var below = 0L;
        for (var bucket = 0; bucket < boundsMilliseconds.Length; bucket++)
        {
            if (counted[bucket] > 0 && below + counted[bucket] >= rank)
            {
                var from = bucket == 0 ? 0 : boundsMilliseconds[bucket - 1];
                return from + ((boundsMilliseconds[bucket] - from) * (rank - below) / counted[bucket]);
            }

            below += counted[bucket];
        }

        return boundsMilliseconds[^1];
    }
}
