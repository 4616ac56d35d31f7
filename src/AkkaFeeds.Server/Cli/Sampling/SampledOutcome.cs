using AkkaFeeds.Contracts;

namespace AkkaFeeds.Server.Cli.Sampling;

/// <summary>What would become of a record.</summary>
/// <param name="Outcome">Where it would go.</param>
/// <param name="Reason">Why it would be quarantined, one of <see cref="Reasons"/>; else null.</param>
/// <param name="Detail">What an operator reads; null where it is applied.</param>
internal readonly record struct SampledOutcome(Outcome Outcome, string? Reason, string? Detail);
