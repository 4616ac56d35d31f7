using AkkaFeeds.Contracts;

namespace AkkaFeeds.Relays;

/// <summary>How it stands with a slot, which is the state of all its keys that have no reason of their own.</summary>
/// <param name="Epoch">The incarnation; null while none has reported.</param>
/// <param name="Freshness">The state.</param>
/// <param name="Read">How far the incarnation has read; null while it has not reported.</param>
internal sealed record SlotCondition(string? Epoch, FreshnessStatus Freshness, ReadPositions? Read)
{
    /// <summary>Before a slot has said a word.</summary>
    /// <param name="since">When it was asked first, Unix ms.</param>
    public static SlotCondition Unknown(long since) =>
        new(null, new FreshnessStatus(FreshnessState.Rebuilding, "recovering", since, Progress: 0), null);
}
