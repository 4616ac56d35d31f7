namespace AkkaFeeds.Harness;

/// <summary>The newest frames of a client, to be told with a violation.</summary>
internal sealed class FrameHistory
{
    private const int KeptMax = 4_000;
    private const int ToldMax = 16;
    private const int CharactersMax = 600;

    private readonly Queue<Entry> entries = new();

    public void Add(long unixMs, int connection, bool isSent, string subject, string text)
    {
        entries.Enqueue(new(unixMs, connection, isSent, subject, text));
        if (entries.Count > KeptMax)
        {
            entries.Dequeue();
        }
    }

    /// <summary>The last frames of the newest one's subject, and those of the connection itself.</summary>
    public IReadOnlyList<string> Newest()
    {
        var subject = entries.Count == 0 ? "" : entries.Last().Subject;
        return
        [
            .. entries.Where(entry => entry.Subject == subject || entry.Subject.Length == 0).TakeLast(ToldMax)
                .Select(entry => entry.Line),
        ];
    }

    private sealed record Entry(long UnixMs, int Connection, bool IsSent, string Subject, string Text)
    {
        public string Line => $"{UnixMs} #{Connection} {(IsSent ? "->" : "<-")} "
            + (Text.Length <= CharactersMax ? Text : Text[..CharactersMax] + "...");
    }
}
