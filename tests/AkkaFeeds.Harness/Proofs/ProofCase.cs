namespace AkkaFeeds.Harness;

/// <summary>How one case of a proof ended.</summary>
/// <param name="Name">The case.</param>
/// <param name="Records">How many records stood in the topic.</param>
/// <param name="Kills">In what state the server was at each kill -9.</param>
/// <param name="Seconds">From the start to the comparison.</param>
/// <param name="Comparison">What was compared.</param>
/// <param name="Counts">The counters of the last life of the server.</param>
public sealed record ProofCase(
    string Name, int Records, IReadOnlyList<KilledWhile> Kills, double Seconds, FlightComparison Comparison,
    RecordCounts Counts)
{
    /// <summary>Everything equal, and every record accounted for.</summary>
    public bool Holds => Comparison.IsEqual && Counts.Problem is null;
}

/// <summary>What a server was doing when it was killed.</summary>
public enum KilledWhile
{
    /// <summary>It did not answer yet.</summary>
    Starting,

    /// <summary>Records were waiting in Kafka.</summary>
    Reading,

    /// <summary>All that stood in Kafka had been read; what was not durable yet is read again.</summary>
    Idle,
}

/// <summary>The sums of <c>akkafeeds_records_total</c> by outcome.</summary>
public sealed record RecordCounts(
    double Applied, double Duplicate, double Filtered, double Late, double Quarantined, double Unaccounted)
{
    /// <summary>Reads them.</summary>
    public static RecordCounts Of(Metrics metrics)
    {
        return new(
            Outcome("applied"), Outcome("duplicate"), Outcome("filtered"), Outcome("late"), Outcome("quarantined"),
            metrics.Sum("akkafeeds_unaccounted_records"));

        double Outcome(string outcome) =>
            metrics.Sum("akkafeeds_records_total", ("feed", FlightsFeed.Name), ("outcome", outcome));
    }

    /// <summary>
    /// What flights may not do: each is well formed, so none is filtered, late or quarantined, and none is lost.
    /// </summary>
    public string? Problem => Filtered + Late + Quarantined > 0 || Unaccounted != 0 || Applied <= 0
        ? $"applied {Applied}, filtered {Filtered}, late {Late}, quarantined {Quarantined}, unaccounted {Unaccounted}"
        : null;
}
