namespace AkkaFeeds.Ingest;

/// <summary>
/// Up to which instant a lane has read its partition. Where it stood at the log's end all that was written by then has
/// been read, and a record that comes later takes nothing of that away: the one new record of a topic that was silent
/// for an hour would else make its feed an hour old, and stale behind its SLO, until that record is read.
/// </summary>
internal sealed class ReadInstant
{
    private DateTimeOffset record = DateTimeOffset.UnixEpoch;
    private DateTimeOffset end = DateTimeOffset.UnixEpoch;

    /// <summary>While the log goes on behind what was read; the Unix epoch where nothing was.</summary>
    public DateTimeOffset Behind => record > end ? record : end;

    /// <summary>A record was read.</summary>
    /// <param name="written">Kafka's timestamp of it.</param>
    public void OnRecord(DateTimeOffset written) => record = written;

    /// <summary>The lane stands at the log's end.</summary>
    /// <param name="known">When the end was asked for.</param>
    public void OnEnd(DateTimeOffset known) => end = known;

    /// <summary>The lane reads again what it has read: where it stood before says nothing any more.</summary>
    public void OnRewind() => end = DateTimeOffset.UnixEpoch;
}
