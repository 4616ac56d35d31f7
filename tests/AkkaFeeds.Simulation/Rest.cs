using AkkaFeeds.Contracts;
using AkkaFeeds.Simulation.Actors;
using AkkaFeeds.Simulation.Log;
using AkkaFeeds.Simulation.Store;

namespace AkkaFeeds.Simulation;

/// <summary>
/// What must be true when faults have stopped and nothing is appended: all is read, folded, durable and accounted
/// for.
/// </summary>
internal static class Rest
{
    /// <summary>What is not there yet, or null.</summary>
    public static string? Missing(History history)
    {
        var isWhole = true;
        foreach (var host in history.LaneHosts)
        {
            var log = host.Log;
            if (log.IsGone)
            {
                continue;
            }

            if (log.IsCondemned)
            {
                isWhole = false;
                continue;
            }

            var floor = history.Check.LedgerOf(log.Lane).Floor ?? 0;
            if (floor != log.End || (log.End > 0 && log.Oracle.Below(log.End).Offset >= 0 && Lag(history, log) != 0))
            {
                return $"{log.Lane.TopicId} ends at {log.End}, its floor is {floor}, "
                    + $"Kafka's commit lags {Lag(history, log)}";
            }
        }

        foreach (var host in history.Slots)
        {
            if (host.Current is not { IsAlive: true, Protocol: { } protocol } slot)
            {
                return $"slot {host.Index} is not there";
            }

            if (isWhole && protocol.IsRebuilding)
            {
                return $"{slot.Epoch} is rebuilding";
            }

            foreach (var log in history.Logs.Where(log => !log.IsGone && !log.IsCondemned))
            {
                var row = Check.LastRowOf(log, log.Oracle, host.Index, log.End);
                var applied = protocol.Tracks.FirstOrDefault(track => track.Lane == log.Lane)?.Applied ?? -1;
                if (applied < row)
                {
                    return $"{slot.Epoch} stands at {applied} of {log.Lane.TopicId}, before {row}";
                }
            }
        }

        return null;
    }

    /// <summary>
    /// Compares live slots, and slots recovered from the store, with a fold of the logs; then the ledgers' lists.
    /// </summary>
    public static void Verify(History history)
    {
        foreach (var host in history.Slots)
        {
            var slot = host.Current!;
            CompareKeys(history, slot, slot.Fold, "live");
            history.Check.Slot(slot);
            if (!slot.Protocol!.HasNews)
            {
                var replay = new SlotReplay(history, host.StreamId);
                if (!replay.Run(history.Check.NewestSnapshot(host.StreamId)))
                {
                    throw new ViolationException($"the journal of slot {host.Index} has a hole at rest");
                }

                CompareKeys(history, slot, replay.Fold, "recovered");
            }
        }

        foreach (var log in history.Logs.Where(log => !log.IsGone && !log.IsCondemned && log.Lost.From < 0))
        {
            var expected = log.Oracle.Entries;
            var listed = history.Check.LedgerOf(log.Lane).Entries.Select(entry => (entry.Offset, entry.Outcome))
                .ToList();
            if (!listed.SequenceEqual(expected))
            {
                throw new ViolationException(
                    $"the ledger of {log.Lane.TopicId} lists {string.Join(' ', listed.Except(expected))} too many, "
                    + $"and lacks {string.Join(' ', expected.Except(listed))}");
            }
        }
    }

    private static long Lag(History history, SimLog log) =>
        log.End - history.KafkaCommits.GetValueOrDefault(log.Lane, 0);

    private static void CompareKeys(History history, SlotActor slot, SlotFold fold, string which)
    {
        foreach (var log in history.Logs.Where(log => log.Lost.From < 0 && log.OracleBeforeCut is null))
        {
            // Of a log that is gone a slot has what it had folded before; of the others all.
            var applied = slot.Protocol!.Tracks.FirstOrDefault(track => track.Lane == log.Lane)?.Applied ?? -1;
            var upTo = log.IsGone ? applied : long.MaxValue;
            var unfolded = log.Oracle.Entries.Select(entry => entry.Offset).ToHashSet();
            var sums = new KeySum[history.Keys.Count];
            foreach (var record in log.Records)
            {
                if (record.Visible && record.Raw is Outcome.Applied && record.Offset <= upTo
                    && !unfolded.Contains(record.Offset))
                {
                    var sum = sums[record.Key];
                    sums[record.Key] = new KeySum(sum.Count + 1, sum.Digest + Rng.Mix((ulong)record.Id));
                }
            }

            for (var key = 0; key < sums.Length; key++)
            {
                var expected = history.Keys.SlotOf(key) == slot.Host.Index ? sums[key] : default;
                if (fold.SumOf(key, log.Index) != expected)
                {
                    throw new ViolationException(
                        $"{which} {slot.Epoch} holds {fold.SumOf(key, log.Index)} of {log.Lane.TopicId} "
                        + $"for {history.Keys.NameOf(key)}, "
                        + $"and the log has {expected}");
                }
            }
        }
    }
}
