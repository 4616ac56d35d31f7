namespace AkkaFeeds.LogOracle.Checks;

/// <summary>
/// The generator's ledger against the log: what the broker acknowledged is there, once and where it said; what is
/// there was acknowledged or is unknown; what failed or was aborted is not; and each key's records of a partition
/// stand in the order in which they were sent.
/// </summary>
public static class SendsCheck
{
    /// <summary>Compares.</summary>
    public static CheckResult Run(IEnumerable<SendLine> sends, IEnumerable<LogRecord> log)
    {
        var account = new Account("log = ledger of sends (S9: nothing aborted)");
        var inLog = new Dictionary<long, LogRecord>();
        var newest = new Dictionary<(string, int), long>();
        foreach (var record in log)
        {
            if (!inLog.TryAdd(record.Id, record))
            {
                account.Violated($"record {record.Id} stands at {Place(inLog[record.Id])} and at {Place(record)}");
            }

            if (newest.TryGetValue((record.Key, record.Partition), out var before) && record.Sequence <= before)
            {
                account.Violated($"{record.Key}: {record.Sequence} at {Place(record)} behind {before}");
            }

            newest[(record.Key, record.Partition)] = record.Sequence;
        }

        var told = new Dictionary<string, long>();
        foreach (var send in sends)
        {
            account.Compare();
            told[send.Outcome] = told.GetValueOrDefault(send.Outcome) + 1;
            var found = inLog.Remove(send.Id, out var record) ? record : null;
            if (send.Outcome == SendLine.Ok
                && (found is null || (found.Partition, found.Offset) != (send.Partition, send.Offset)))
            {
                var where = found is null ? "nowhere" : $"at {Place(found)}";
                account.Violated($"{send}: acknowledged, but it stands {where}");
            }
            else if (send.Outcome == SendLine.Failed && found is not null)
            {
                account.Violated($"{send}: failed or aborted, but it stands at {Place(found)}");
            }
        }

        foreach (var stranger in inLog.Values)
        {
            account.Violated($"record {stranger.Id} of {stranger.Key} at {Place(stranger)} was never sent");
        }

        account.Figure = string.Join(
            ", ", told.OrderBy(each => each.Key).Select(each => $"{each.Value:N0} {each.Key}"));
        return account.Result;
    }

    private static string Place(LogRecord record) => $"{record.Partition}:{record.Offset}";
}
