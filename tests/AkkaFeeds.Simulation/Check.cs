using AkkaFeeds.Contracts;
using AkkaFeeds.Ingest.Protocol;
using AkkaFeeds.Simulation.Actors;
using AkkaFeeds.Simulation.Log;
using AkkaFeeds.Simulation.Store;
using AkkaFeeds.Slots.Protocol;

namespace AkkaFeeds.Simulation;

/// <summary>
/// What must hold after every step, worked out from the logs and from what is in the store, by code that the protocol
/// does not use: a slot's state is the sum of its rows up to W, W never goes back within an epoch, what is told to be
/// durable is in the journal, nothing below a floor is missing there, the ledger accounts for each record once, and
/// Kafka's commit is behind the ledger.
/// </summary>
internal sealed class Check(History history)
{
    /// <summary>
    /// How old a lane's knowledge of the log's end may be: the probe's interval, its duration, and some.
    /// </summary>
    private const int EndAgeMax = 600;

    private Dictionary<(int Slot, LaneId Lane), long> durable = [];
    private Dictionary<LaneId, LedgerState> floors = [];
    private readonly Dictionary<LaneId, long> highestFloors = [];
    private readonly Dictionary<int, (int Order, string Epoch)> newestThrough = [];
    private readonly Dictionary<string, int> orders = new(StringComparer.Ordinal);

    /// <summary>Up to where the newest whole checkpoint in the journal has folded.</summary>
    public long DurableOf(int slot, LaneId lane) => durable.GetValueOrDefault((slot, lane), -1);

    /// <summary>What the ledger's journal says.</summary>
    public LedgerState LedgerOf(LaneId lane) =>
        floors.TryGetValue(lane, out var state) ? state : floors[lane] = new LedgerState(entryBytesMax: 100);

    public long FoldedBy(SlotActor slot)
    {
        var count = 0L;
        foreach (var total in slot.Fold.Totals)
        {
            count += total.Count;
        }

        return count;
    }

    public string Describe(SlotActor slot) => string.Join(
        ", ", slot.Protocol!.Tracks.Select(
            track => $"{track.Lane.TopicId} W {track.Applied} durable {track.Durable}"));

    /// <summary>Holds an incarnation against the logs.</summary>
    public void Slot(SlotActor slot)
    {
        if (!slot.IsAlive || slot.Protocol is not { } protocol)
        {
            return;
        }

        foreach (var log in history.Logs)
        {
            PartitionTrack? track = null;
            foreach (var candidate in protocol.Tracks)
            {
                if (candidate.Lane == log.Lane)
                {
                    track = candidate;
                }
            }

            if (!log.IsCondemned)
            {
                IsSumOfRows(slot, log, track?.Applied ?? -1, slot.Fold.Totals[log.Index]);
            }

            if (track is not null)
            {
                NeverGoesBack(slot, track);
                HasReadWhatItSays(slot, log, track);
            }
        }

        IsThroughWhenItSays(slot, protocol);
    }

    /// <summary>A slot tells what is durable.</summary>
    public void DurableTold(SlotHost host, LaneMessages.State state)
    {
        var stored = DurableOf(host.Index, state.Lane);
        if (state.Durable > stored)
        {
            Fail(
                $"{state.Epoch} says {state.Lane.TopicId} is durable up to {state.Durable}, "
                + $"and the journal has {stored}");
        }
    }

    /// <summary>Kafka is told a floor.</summary>
    public void Committed(LaneId lane, long floor)
    {
        var stored = highestFloors.GetValueOrDefault(lane, -1);
        if (floor > stored)
        {
            Fail($"{lane.TopicId} is committed up to {floor}, and its ledger has {stored}");
        }
    }

    /// <summary>Something has landed in the store.</summary>
    public void Landed(string streamId)
    {
        var stream = history.Journal.StreamOf(streamId);
        var newest = stream.Events[^1];
        if (newest.Event is Piece piece)
        {
            HasOneWriter(int.Parse(streamId.AsSpan("slot-".Length)), piece);
            LandedPiece(int.Parse(streamId.AsSpan("slot-".Length)), stream, piece);
            return;
        }

        var lane = history.Lanes.FirstOrDefault(candidate => streamId == $"ledger-{candidate.TopicId}");
        if (lane is null)
        {
            return;
        }

        var log = history.Logs.Find(candidate => candidate.Lane == lane)!;
        if (newest.Event is LeaseTaken { Lost: { } lost })
        {
            log.Lost = (lost.FromInclusive, lost.ToExclusive);
        }

        LedgerActor.Apply(LedgerOf(lane), newest.Event);
        var floor = LedgerOf(lane).Floor ?? 0;
        highestFloors[lane] = Math.Max(highestFloors.GetValueOrDefault(lane, -1), floor);
        if (newest.Event is LedgerWrite && !log.IsCondemned)
        {
            NothingBelowFloorIsMissing(log, floor);
            AccountsForEachRecord(log, LedgerOf(lane));
        }
    }

    /// <summary>The store is another one from here on.</summary>
    public void StoreReplaced()
    {
        durable = [];
        floors = [];
        newestThrough.Clear();
        foreach (var lane in history.Logs.Select(log => log.Lane))
        {
            foreach (var stored in history.Journal.StreamOf($"ledger-{lane.TopicId}").Events)
            {
                LedgerActor.Apply(LedgerOf(lane), stored.Event);
            }
        }

        foreach (var host in history.Slots)
        {
            var replay = new SlotReplay(history, host.StreamId);
            replay.Run(NewestSnapshot(host.StreamId));
            foreach (var mark in replay.Marks)
            {
                durable[(host.Index, mark.Lane)] = mark.Applied;
            }
        }
    }

    public StoredSnapshot? NewestSnapshot(string streamId)
    {
        var whole = history.Journal.StreamOf(streamId).Snapshots.Where(snapshot => snapshot.IsWhole).ToList();
        return whole.Count == 0 ? null : whole.MaxBy(snapshot => snapshot.Sequence);
    }

    /// <summary>The last row of a slot at or below an offset, but for what was lost with the log's start.</summary>
    public static long LastRowOf(SimLog log, Oracle oracle, int slot, long offset)
    {
        var row = oracle.UpTo(slot, offset).Offset;
        return row >= log.Lost.From && row < log.Lost.To ? oracle.UpTo(slot, log.Lost.From - 1).Offset : row;
    }

    /// <summary>An incarnation has read the journal; whoever read it before is the older one.</summary>
    public void Recovered(SlotActor slot) => orders[slot.Epoch] = orders.Count + 1;

    // Once an incarnation shows a state as current, no older one writes: its state would not be the journal's any
    // more.
    private void HasOneWriter(int slot, Piece piece)
    {
        var writer = piece.CheckpointId[..piece.CheckpointId.LastIndexOf('.')];
        var (order, epoch) = newestThrough.GetValueOrDefault(slot);
        if (orders[writer] < order)
        {
            Fail($"{writer} wrote, and the newer {epoch} is no longer rebuilding");
        }
    }

    private void LandedPiece(int slot, EventStream stream, Piece piece)
    {
        if (piece.Index != piece.Count - 1 || stream.Events.Count < piece.Count)
        {
            return;
        }

        var parts = new List<byte>();
        for (var index = 0; index < piece.Count; index++)
        {
            var stored = stream.Events[stream.Events.Count - piece.Count + index];
            if (stored.Event is not Piece part || part.CheckpointId != piece.CheckpointId)
            {
                return;
            }

            parts.AddRange(part.Bytes.Span);
        }

        foreach (var mark in SlotImage.Decode(parts.ToArray(), history.Lanes, static (_, _, _) => { }))
        {
            durable[(slot, mark.Lane)] = mark.Applied;
        }
    }

    private void IsSumOfRows(SlotActor slot, SimLog log, long applied, KeySum held)
    {
        if (Matches(log, log.Oracle, slot.Host.Index, applied, held)
            || (log.OracleBeforeCut is { } before && Matches(log, before, slot.Host.Index, applied, held)))
        {
            return;
        }

        var expected = log.Oracle.UpTo(slot.Host.Index, applied);
        Fail($"{slot.Epoch} holds {held.Count} rows of {log.Lane.TopicId} and W {applied}; "
            + $"up to there the log has {expected.Count}{(held.Count == expected.Count ? ", other ones" : "")}");
    }

    // A slot may have folded some of the first rows of what was lost later, and never the rest.
    private static bool Matches(SimLog log, Oracle oracle, int slot, long applied, KeySum held)
    {
        var expected = oracle.UpTo(slot, applied);
        if (expected.Count == held.Count && expected.Digest == held.Digest)
        {
            return true;
        }

        if (log.Lost.From < 0)
        {
            return false;
        }

        var upToLost = oracle.UpTo(slot, Math.Min(applied, log.Lost.To - 1));
        for (var offset = log.Lost.From - 1; offset < log.Lost.To; offset++)
        {
            var folded = oracle.UpTo(slot, Math.Min(applied, offset));
            if (folded.Count + expected.Count - upToLost.Count == held.Count
                && folded.Digest + expected.Digest - upToLost.Digest == held.Digest)
            {
                return true;
            }
        }

        return false;
    }

    private void NeverGoesBack(SlotActor slot, PartitionTrack track)
    {
        var (applied, stored) = slot.Memory.Seen.GetValueOrDefault(track.Lane, (-1, -1));
        if (track.Applied < applied || track.Durable < stored)
        {
            Fail(
                $"{slot.Epoch} went back from W {applied}, durable {stored} "
                + $"to W {track.Applied}, durable {track.Durable}");
        }

        if (applied != track.Applied || stored != track.Durable)
        {
            slot.Memory.Seen[track.Lane] = (track.Applied, track.Durable);
        }
    }

    private void HasReadWhatItSays(SlotActor slot, SimLog log, PartitionTrack track)
    {
        if (log.IsCondemned || track.Read < 0)
        {
            return;
        }

        var row = LastRowOf(log, log.Oracle, slot.Host.Index, track.Read - 1);
        var earlier = log.OracleBeforeCut is { } before ? LastRowOf(log, before, slot.Host.Index, track.Read - 1)
            : row;
        if (track.Applied < Math.Min(row, earlier))
        {
            Fail(
                $"{slot.Epoch} says that it has read {log.Lane.TopicId} up to {track.Read}, "
                + $"and stands at {track.Applied} before {row}");
        }
    }

    private void IsThroughWhenItSays(SlotActor slot, SlotProtocol protocol)
    {
        if (slot.Memory.IsThrough || protocol.IsRebuilding)
        {
            return;
        }

        slot.Memory.IsThrough = true;
        if (orders[slot.Epoch] > newestThrough.GetValueOrDefault(slot.Host.Index).Order)
        {
            newestThrough[slot.Host.Index] = (orders[slot.Epoch], slot.Epoch);
        }

        history.World.Count(Happening.GateOpened);
        foreach (var log in history.Logs)
        {
            if (log.IsGone || log.IsCondemned || log.OracleBeforeCut is not null || log.Lane.TopicId[0] == 'u')
            {
                continue;
            }

            var end = log.EndAt(slot.BeganAt - EndAgeMax);
            var row = LastRowOf(log, log.Oracle, slot.Host.Index, end - 1);
            var applied = protocol.Tracks.FirstOrDefault(track => track.Lane == log.Lane)?.Applied ?? -1;
            if (applied < row)
            {
                Fail($"{slot.Epoch} says that it is no longer rebuilding, stands at {applied} of {log.Lane.TopicId}, "
                    + $"and the row at {row} was in the log well before it began");
            }
        }
    }

    private void NothingBelowFloorIsMissing(SimLog log, long floor)
    {
        foreach (var host in history.Slots)
        {
            var stored = DurableOf(host.Index, log.Lane);
            var row = LastRowOf(log, log.Oracle, host.Index, floor - 1);
            var earlier = log.OracleBeforeCut is { } before ? LastRowOf(log, before, host.Index, floor - 1) : row;
            if (stored < Math.Min(row, earlier))
            {
                Fail(
                    $"the floor of {log.Lane.TopicId} is {floor}, "
                    + $"and slot {host.Index} has {stored} in its journal, before {row}");
            }
        }
    }

    private void AccountsForEachRecord(SimLog log, LedgerState ledger)
    {
        if (Accounts(log, log.Oracle, ledger) is { } difference
            && (log.OracleBeforeCut is not { } before || Accounts(log, before, ledger) is not null))
        {
            Fail($"the ledger of {log.Lane.TopicId} at {ledger.Floor}: {difference}");
        }
    }

    private static string? Accounts(SimLog log, Oracle oracle, LedgerState ledger)
    {
        var all = oracle.Below(ledger.Floor ?? 0);
        var lost = log.Lost.From >= 0 ? (oracle.Below(log.Lost.From), oracle.Below(log.Lost.To)) : default;
        var expected = new LedgerCounts(
            all.Applied - (lost.Item2.Applied - lost.Item1.Applied),
            all.Filtered - (lost.Item2.Filtered - lost.Item1.Filtered),
            all.Late - (lost.Item2.Late - lost.Item1.Late),
            all.Quarantined - (lost.Item2.Quarantined - lost.Item1.Quarantined),
            all.Unkeyed - (lost.Item2.Unkeyed - lost.Item1.Unkeyed));
        if (ledger.Counts != expected)
        {
            return $"counts {ledger.Counts}, and the log has {expected}";
        }

        if (ledger.Entries.Count != expected.Late + expected.Quarantined)
        {
            return $"lists {ledger.Entries.Count} records, and {expected.Late + expected.Quarantined} were not folded";
        }

        return log.Lost.From < 0 && ledger.NewestEventTime != all.NewestEventTime
            ? $"newest event time {ledger.NewestEventTime}, and the log has {all.NewestEventTime}"
            : null;
    }

    private static void Fail(string message) => throw new ViolationException(message);
}
