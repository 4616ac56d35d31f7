namespace AkkaFeeds.Ingest;

/// <summary>
/// Whether records stand in the log that no consumer is given, because a transaction before them is open. Pure.
/// </summary>
internal sealed class OpenTransaction
{
    private long end = -1;

    /// <summary>Since when the same transaction is known to hold records back; null where none does.</summary>
    public DateTimeOffset? Since { get; private set; }

    /// <summary>Takes a probe: up to where committed records reach, and up to where any do.</summary>
    public void On(long committedEnd, long writtenEnd, DateTimeOffset at)
    {
        if (writtenEnd <= committedEnd)
        {
            Since = null;
        }
        else if (Since is null || committedEnd != end)
        {
            // What held records back before has ended, so this is another one.
            Since = at;
        }

        end = committedEnd;
    }
}
