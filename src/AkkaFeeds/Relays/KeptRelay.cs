using Akka.Actor;

namespace AkkaFeeds.Relays;

/// <summary>
/// A relay as its hub knows it: kept for a while after the last subscriber has left, so that those who come back find
/// it in memory.
/// </summary>
internal sealed class KeptRelay(IActorRef actor)
{
    private static readonly TimeSpan KeptAfterLast = TimeSpan.FromSeconds(10);

    private long joins;
    private TimeSpan? emptySince;

    /// <summary>The relay.</summary>
    public IActorRef Actor { get; } = actor;

    /// <summary>Whether nobody is known to watch.</summary>
    public bool IsEmpty => emptySince is not null;

    /// <summary>Somebody is about to watch.</summary>
    public void Join()
    {
        joins++;
        emptySince = null;
    }

    /// <summary>The relay says that all have left of as many as had joined then; others may be on their way.</summary>
    public void Left(long joined, TimeSpan now) => emptySince = joined == joins ? now : emptySince;

    /// <summary>Whether nobody has watched for so long that it may go.</summary>
    public bool IsSpent(TimeSpan now) => now - emptySince > KeptAfterLast;
}
