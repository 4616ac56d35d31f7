using AkkaFeeds.Contracts;

namespace AkkaFeeds.Slots.Protocol;

/// <summary>What a checkpoint keeps of one partition.</summary>
/// <param name="Lane">The partition.</param>
/// <param name="Applied">W: the offset up to which the slot has folded the partition's rows.</param>
/// <param name="LeaderEpoch">Kafka's leader epoch of the row at W, or -1.</param>
/// <param name="Refusals">The refusals at or below W that no floor has passed yet.</param>
internal sealed record Watermark(LaneId Lane, long Applied, int LeaderEpoch, IReadOnlyList<Refusal> Refusals);
