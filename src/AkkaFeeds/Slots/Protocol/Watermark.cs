using AkkaFeeds.Contracts;

namespace AkkaFeeds.Slots.Protocol;

/// <summary>What a checkpoint keeps of one partition.</summary>
/// <param name="Lane">The partition.</param>
/// <param name="Applied">W: the offset up to which the slot has folded the partition's rows.</param>
/// <param name="Refusals">The refusals at or below it that no floor has passed yet.</param>
internal sealed record Watermark(LaneId Lane, long Applied, IReadOnlyList<Refusal> Refusals);
