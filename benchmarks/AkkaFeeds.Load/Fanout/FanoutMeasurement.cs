using System.Globalization;

namespace AkkaFeeds.Load;

/// <summary>One server under one load.</summary>
internal sealed record FanoutMeasurement
{
    /// <summary>A driver above this measures itself.</summary>
    public const double DriverCoresMax = 0.9;

    private const double RatePartMin = 0.95;

    // Half of the updates are older than this: what was overdue once is still being sent.
    private const double OverdueMilliseconds = 1_000;

    /// <summary>The scenario.</summary>
    public required string Scenario { get; init; }

    /// <summary>Whose server.</summary>
    public required string Who { get; init; }

    /// <summary>What was asked of it.</summary>
    public required LoadShape Shape { get; init; }

    /// <summary>What the driver counted.</summary>
    public required DriverResult Result { get; init; }

    /// <summary>The server's processor seconds, user and system, in the same span.</summary>
    public required double CpuSeconds { get; init; }

    /// <summary>That span.</summary>
    public required double Seconds { get; init; }

    /// <summary>What others than the benchmark's own processes took, in cores.</summary>
    public required double OthersCores { get; init; }

    /// <summary>Records that were produced a second; null where the server makes its own.</summary>
    public double? ProducedPerSecond { get; init; }

    /// <summary>The server's resident memory, once a second.</summary>
    public required IReadOnlyList<long> ResidentBytes { get; init; }

    /// <summary>The server's cores.</summary>
    public double Cores => CpuSeconds / Seconds;

    /// <summary>The driver's cores.</summary>
    public double DriverCores => Result.CpuSeconds / Result.Seconds;

    /// <summary>Frames with data that came in a second.</summary>
    public double DeliveriesPerSecond => Result.Deliveries / Result.Seconds;

    /// <summary>The server's processor time for each of these.</summary>
    public double MicrosecondsADelivery => 1e6 * Cores / Math.Max(1, DeliveriesPerSecond);

    /// <summary>
    /// Records that came to a connection in a second, whether as a frame each or merged with others of their key: what
    /// was produced, times those who watch it. A peer merges nothing, so its frames count.
    /// </summary>
    public double UpdatesPerSecond => ProducedPerSecond is { } produced
        ? produced * Shape.Connections * Shape.Subscriptions / Shape.Keys
        : DeliveriesPerSecond;

    /// <summary>The server's processor time for each of these.</summary>
    public double MicrosecondsAnUpdate => 1e6 * Cores / Math.Max(1, UpdatesPerSecond);

    /// <summary>The bytes that came for each of these, whatever else came too.</summary>
    public double BytesADelivery => (double)Result.Bytes / Math.Max(1, Result.Deliveries);

    /// <summary>Why the figures say nothing; null where they do.</summary>
    public string? Void =>
        DriverCores > DriverCoresMax ? string.Create(
            CultureInfo.InvariantCulture, $"VOID: the driver took {DriverCores:F2} cores")
        : OthersCores > CpuWatch.OthersCoresMax ? string.Create(
            CultureInfo.InvariantCulture, $"VOID: others took {OthersCores:F2} cores")
        : ProducedPerSecond < RatePartMin * Shape.UpdatesPerSecond ? string.Create(
            CultureInfo.InvariantCulture, $"VOID: only {ProducedPerSecond:F0} records/s were produced")
        : null;

    /// <summary>A peer makes its own load, and may not get as far as was asked; null where it did.</summary>
    public string? Behind =>
        !IsPeer ? null
        : Result.Closed > 0 ? $"{Result.Closed} connections were closed, {RatePart}"
        : DeliveriesPerSecond < RatePartMin * Shape.DeliveriesPerSecond ? $"does not keep up: {RatePart}"
        : Result.Latency.P50 > OverdueMilliseconds ? "at the rate, but behind: see p50"
        : null;

    private bool IsPeer => ProducedPerSecond is null;

    private string RatePart => string.Create(
        CultureInfo.InvariantCulture, $"{100 * DeliveriesPerSecond / Shape.DeliveriesPerSecond:F0} % of the rate");

    /// <summary>
    /// What makes the run wrong, not slow; null where nothing does. A peer that closes connections is overloaded.
    /// </summary>
    public string? Wrong =>
        Result.Violations > 0 ? $"{Result.Violations} violations of the protocol"
        : Result.Errors > 0 ? $"{Result.Errors} errors from the server"
        : Result.Closed > 0 && !IsPeer ? $"{Result.Closed} connections were closed"
        : null;
}
