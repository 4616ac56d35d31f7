namespace AkkaFeeds.Telemetry;

/// <summary>How a metric moves.</summary>
public enum MetricKind : byte
{
    /// <summary>Only up, from 0 at the start of the process.</summary>
    Counter,

    /// <summary>Up and down.</summary>
    Gauge,

    /// <summary>Observations counted by bucket.</summary>
    Histogram,
}

/// <summary>One metric: its name, its labels, what it means. The exposition and docs/metrics.md are both made from
/// it.</summary>
/// <param name="Name">The Prometheus name.</param>
/// <param name="Kind">How it moves.</param>
/// <param name="Unit">The unit as OTLP writes it: <c>s</c>, <c>By</c>, <c>{record}</c>.</param>
/// <param name="Labels">The labels; each from a closed set, never a key, user or connection.</param>
/// <param name="Help">What it means, one sentence.</param>
public sealed record MetricDefinition(string Name, MetricKind Kind, string Unit, IReadOnlyList<string> Labels,
    string Help);
