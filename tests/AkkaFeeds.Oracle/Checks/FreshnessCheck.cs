namespace AkkaFeeds.LogOracle.Checks;

/// <summary>
/// S12: while a client shows a key as live, over a connection that says something, it lacks no record that was
/// acknowledged longer ago than the feed's promise and the time to tell of its breach.
/// </summary>
public sealed class FreshnessCheck
{
    private readonly Account account = new("S12 never live with stale data");
    private readonly Dictionary<string, Dictionary<int, List<(long Offset, long AckedMs)>>> acks = [];
    private readonly Dictionary<(string Client, string Key), Shown> shown = [];
    private readonly Dictionary<string, bool> heard = [];
    private readonly long staleAfterMs;
    private long worstMs;

    /// <summary>Begins with the ledger of sends.</summary>
    public FreshnessCheck(IEnumerable<SendLine> sends, long staleAfterMs)
    {
        this.staleAfterMs = staleAfterMs;
        foreach (var send in sends.Where(send => send.Outcome == SendLine.Ok))
        {
            if (!acks.TryGetValue(send.Key, out var partitions))
            {
                acks.Add(send.Key, partitions = []);
            }

            if (!partitions.TryGetValue(send.Partition, out var list))
            {
                partitions.Add(send.Partition, list = []);
            }

            list.Add((send.Offset, send.AckedMs));
        }

        foreach (var list in acks.Values.SelectMany(each => each.Values))
        {
            list.Sort();
        }
    }

    /// <summary>What it came to.</summary>
    public CheckResult Result
    {
        get
        {
            account.Figure = $"at most {worstMs / 1_000.0:F1} s";
            return account.Result;
        }
    }

    /// <summary>The next line.</summary>
    public void Add(FrameLine line)
    {
        if (line.Key.Length == 0)
        {
            var wasHeard = heard.GetValueOrDefault(line.Client);
            heard[line.Client] = line.Op is "open" or "heard";
            if (wasHeard != heard[line.Client])
            {
                foreach (var (subject, view) in shown.Where(each => each.Key.Client == line.Client).ToList())
                {
                    Until(subject, view, line.Ms, wasHeard);

                    // What is held stays; a client that comes back shows it when the server has spoken of it again.
                    shown[subject] = view with { IsLive = view.IsLive && line.Op == "heard", SinceMs = line.Ms };
                }
            }

            return;
        }

        var key = (line.Client, line.Key);
        if (shown.TryGetValue(key, out var before))
        {
            Until(key, before, line.Ms, heard.GetValueOrDefault(line.Client));
        }

        var since = before is { IsLive: true } ? before.SinceMs : line.Ms;
        shown[key] = new(line.State == "live", since, line.Positions, line.Node);
    }

    private void Until((string Client, string Key) subject, Shown view, long untilMs, bool isHeard)
    {
        if (!view.IsLive || !isHeard || !acks.TryGetValue(subject.Key, out var partitions))
        {
            return;
        }

        account.Compare();
        foreach (var (partition, list) in partitions)
        {
            var held = view.Positions.Where(each => each.Partition == partition).Select(each => each.Offset)
                .DefaultIfEmpty(-1).Max();
            var next = list.BinarySearch((held, long.MaxValue));
            next = next < 0 ? ~next : next + 1;
            if (next >= list.Count)
            {
                continue;
            }

            var late = untilMs - Math.Max(list[next].AckedMs, view.SinceMs);
            worstMs = Math.Max(worstMs, late);
            if (late > staleAfterMs)
            {
                account.Violated($"{subject.Client}: {subject.Key} at {view.Node} was live until {untilMs}, for "
                    + $"{late} ms without {partition}:{list[next].Offset}, acknowledged at {list[next].AckedMs}");
            }
        }
    }

    private sealed record Shown(
        bool IsLive, long SinceMs, IReadOnlyList<(int Partition, long Offset)> Positions, string Node);
}
