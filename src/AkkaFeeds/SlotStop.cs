using Akka.Event;

namespace AkkaFeeds;

/// <summary>
/// Ends a slot or a ledger in order: what is folded becomes durable first. A PoisonPill would overtake all that is
/// stashed.
/// </summary>
internal sealed class SlotStop : IDeadLetterSuppression
{
    private SlotStop()
    {
    }

    /// <summary>The message.</summary>
    public static SlotStop Instance { get; } = new();
}
