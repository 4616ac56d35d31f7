using AkkaFeeds.Ingest.Protocol;
using AkkaFeeds.Simulation.Log;
using AkkaFeeds.Simulation.Store;

namespace AkkaFeeds.Simulation.Faults;

/// <summary>Appends to the logs, and lets things happen to actors, log and store.</summary>
internal sealed class FaultDriver(History history)
{
    private readonly World world = history.World;
    private IReadOnlyDictionary<string, EventStream>? copy;

    public void Begin()
    {
        world.Every(world.Plan.AppendEvery, () =>
        {
            if (world.IsRough)
            {
                var open = history.Logs.Where(log => !log.IsGone).ToList();
                world.Rng.Pick(open).Append(world.Rng.Between(1, world.Plan.AppendMax));
            }

            return world.IsRough;
        });
        world.Every(world.Plan.ActorFaultEvery, () =>
        {
            if (world.IsRough)
            {
                HitActor();
            }

            return world.IsRough;
        });
        ScheduleCatastrophe();
    }

    private void HitActor()
    {
        var rng = world.Rng;
        var lifetime = rng.Between(200, 4_000);
        var slot = rng.Pick(history.Slots);
        var host = rng.Pick(history.LaneHosts);
        var ledger = rng.Pick(history.Ledgers);
        switch (rng.Below(11))
        {
            case 0:
                world.Count(Happening.SlotCrash);
                slot.Crash(rng.Between(20, 1_500));
                break;
            case 1:
                world.Count(Happening.SlotHandOff);
                slot.Crash(rng.Between(1, 30));
                break;
            case 2 or 3:
                world.Count(Happening.SlotZombie);
                slot.MakeZombie(lifetime);
                break;
            case 4:
                host.Revoke(rng.Between(300, 1_500));
                break;
            case 5:
                host.Revoke(rng.Between(0, 20));
                break;
            case 6:
                world.Count(Happening.LaneLost);
                host.Lose();
                break;
            case 7:
                world.Count(Happening.LaneCrash);
                host.Crash();
                break;
            case 8:
                world.Count(Happening.LaneZombie);
                host.MakeZombie(lifetime);
                break;
            case 9:
                world.Count(Happening.LedgerCrash);
                ledger.Crash(rng.Between(10, 500));
                break;
            default:
                world.Count(Happening.LedgerZombie);
                ledger.MakeZombie(host.Current, lifetime);
                break;
        }
    }

    private void ScheduleCatastrophe()
    {
        var active = world.Plan.ActiveMilliseconds;
        var at = world.Rng.Between(active / 3, active * 3 / 4);
        switch (world.Plan.Catastrophe)
        {
            case Catastrophe.LogStartLost:
                world.After(at, LoseStart);
                break;
            case Catastrophe.LogTailCut:
                world.After(at, CutTail);
                break;
            case Catastrophe.TopicRecreated:
                world.After(at, Recreate);
                break;
            case Catastrophe.StoreRestored:
                world.After(world.Rng.Between(active / 10, active / 2), () => copy = history.Journal.Copy());
                world.After(at, () => ReplaceStore(copy, Happening.StoreRestored));
                break;
            case Catastrophe.StoreEmptied:
                world.After(at, () => ReplaceStore(new Dictionary<string, EventStream>(), Happening.StoreEmptied));
                break;
            default:
                break;
        }
    }

    // Retention passes what has not been read, or what has been read and would be needed to read it again.
    private void LoseStart()
    {
        var log = world.Rng.Pick(history.Logs);
        if (history.Check.LedgerOf(log.Lane).Floor is not { } floor || log.End <= floor + 1)
        {
            // A lane without a ledger begins at the earliest record that there is, and nothing is lost to it.
            return;
        }

        var start = floor + world.Rng.Between(1, (int)(log.End - floor));
        world.Count(Happening.LogStartLost);
        world.Log($"{log.Lane.TopicId} loses what is below {start}; its floor is {floor}");
        log.LoseStart(start);
    }

    private void CutTail()
    {
        var log = world.Rng.Pick(history.Logs);
        if (log.Records.Count < 3)
        {
            return;
        }

        var first = log.Records[Math.Max(1, log.Records.Count - world.Rng.Between(1, 25))];
        world.Count(Happening.LogTailCut);
        world.Log($"{log.Lane.TopicId} is cut from {log.End} to {first.Offset}");
        log.CutTail(first.Offset);
        var ledger = history.Check.LedgerOf(log.Lane);
        if (ledger.Leader == LeaderMark.None && ledger.Floor > first.Offset)
        {
            // No record was read below the floor, so nobody knows a leader epoch by which to tell.
            history.Operator.Condemn(log, "nobody");
        }
    }

    private void Recreate()
    {
        var old = world.Rng.Pick(history.Logs);
        old.IsGone = true;
        world.Count(Happening.TopicRecreated);
        world.Log($"{old.Lane.TopicId} is made again");
        var log = history.AddLog(history.Lanes[history.World.Plan.Partitions + old.Lane.Partition]);
        history.LedgerOf(log.Lane).StartIfNobody();
        log.Append(world.Rng.Between(1, 20));
        world.After(world.Rng.Between(10, 800), history.LaneHosts[^1].Assign);
    }

    // Everything is stopped before a store is put back: no process and no message survives it.
    private void ReplaceStore(IReadOnlyDictionary<string, EventStream>? with, Happening happening)
    {
        if (with is null)
        {
            return;
        }

        world.Count(happening);
        world.Log($"{happening}");
        foreach (var host in history.LaneHosts)
        {
            host.KillAll();
        }

        foreach (var ledger in history.Ledgers)
        {
            ledger.KillAll();
        }

        foreach (var slot in history.Slots)
        {
            slot.KillAll();
        }

        history.Journal.Restore(with);
        history.Check.StoreReplaced();
        world.After(100, () =>
        {
            foreach (var ledger in history.Ledgers)
            {
                ledger.StartIfNobody();
            }

            foreach (var slot in history.Slots)
            {
                slot.StartIfNobody();
            }

            foreach (var host in history.LaneHosts)
            {
                host.Assign();
            }
        });
    }
}
