using AkkaFeeds.Contracts;
using AkkaFeeds.Slots.Protocol;

namespace AkkaFeeds.Slots;

/// <summary>What a slot's journal and its snapshots hold.</summary>
internal static class SlotEvents
{
    /// <summary>An incarnation begins: an older one is fenced from here on (rule 17).</summary>
    public sealed record Claim(string Owner) : IFeedMessage;

    /// <summary>A part of a checkpoint's bytes; a checkpoint counts only with all its pieces (rule 14).</summary>
    public sealed record Stored(Piece Piece) : IFeedMessage;

    /// <summary>
    /// A snapshot: its bytes where <paramref name="Count"/> is 1, else how many pieces the snapshot store holds under
    /// the slot's
    /// persistence id with <c>#index</c> behind it.
    /// </summary>
    public sealed record Manifest(int Count, ReadOnlyMemory<byte> Bytes) : IFeedMessage;
}
