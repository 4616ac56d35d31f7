namespace AkkaFeeds.Harness;

/// <summary>
/// The marks of one connection. When a frame was written is not known, only between what: not before the server's
/// clock in an earlier frame, nor before the receipt less the longest lag of reading; and not after the receipt.
/// </summary>
internal sealed class MarkCheck(FrameContext context, long openedUnixMs)
{
    private readonly RateCheck often = new(
        1_000 / context.Rules.MarksEvery.TotalMilliseconds, context.Rules, openedUnixMs);

    private long? unanswered;
    private long writtenAtMost;
    private long newest = -1;
    private long serverUnixMs;

    /// <summary>The mark that waits for an answer.</summary>
    public long? Unanswered => unanswered;

    public void Answered(long mark)
    {
        if (mark == unanswered)
        {
            unanswered = null;
        }
    }

    public void Clock(long now)
    {
        serverUnixMs = Math.Max(serverUnixMs, now);
        writtenAtMost = Math.Min(writtenAtMost, now);
    }

    public void Mark(long mark)
    {
        if (unanswered is { } before)
        {
            context.Report("mark", $"mark {mark}, but {before} is unanswered");
        }

        if (mark <= newest)
        {
            context.Report("mark", $"mark {mark} behind {newest}");
        }

        context.ReportIf("mark", often.Count(context.UnixMs));
        unanswered = mark;
        newest = mark;
        writtenAtMost = context.UnixMs;
    }

    /// <summary>A snapshot, delta or rows came.</summary>
    public void Data(string op)
    {
        var writtenAtLeast = context.Rules.ReadLag is { } lag
            ? Math.Max(serverUnixMs, context.UnixMs - (long)lag.TotalMilliseconds) : serverUnixMs;
        var waited = writtenAtLeast - writtenAtMost;
        if (unanswered is { } mark && waited > (context.Rules.MarksEvery + context.Rules.Slack).TotalMilliseconds)
        {
            context.Report("held-back", $"{op} {waited} ms behind mark {mark}, which is unanswered");
        }
    }
}
