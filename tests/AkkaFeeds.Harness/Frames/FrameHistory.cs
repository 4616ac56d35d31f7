namespace AkkaFeeds.Harness;

/// <summary>The newest frames of a client, to be told with a violation.</summary>
internal sealed class FrameHistory
{
    private const int KeptMax = 4_000;
    private const int ToldMax = 20;
    private const int ConnectionToldMax = 6;
    private const int CharactersMax = 600;

    private readonly Queue<Entry> entries = new();
    private long added;

    public void Add(long unixMs, int connection, bool isSent, string subject, string text)
    {
        entries.Enqueue(new(++added, unixMs, connection, isSent, subject, text));
        if (entries.Count > KeptMax)
        {
            entries.Dequeue();
        }
    }

    /// <summary>The last frames of the newest one's subject, and those of the connection itself.</summary>
    public IReadOnlyList<string> Newest()
    {
        var subject = entries.Count == 0 ? "" : entries.Last().Subject;
        var own = entries.Where(entry => entry.Subject == subject).TakeLast(ToldMax);
        var around = entries.Where(entry => entry.Subject.Length == 0).TakeLast(ConnectionToldMax);
        return [.. own.Union(around).OrderBy(entry => entry.Number).Select(entry => entry.Line)];
    }

    private sealed record Entry(
        long Number, long UnixMs, int Connection, bool IsSent, string Subject, string Text)
    {
        public string Line => $"{UnixMs} #{Connection} {(IsSent ? "->" : "<-")} "
            + (Text.Length <= CharactersMax ? Text : Text[..CharactersMax] + "...");
    }
}
