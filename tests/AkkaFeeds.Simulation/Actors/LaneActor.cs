using AkkaFeeds.Contracts;
using AkkaFeeds.Ingest.Protocol;
using AkkaFeeds.Simulation.Log;

namespace AkkaFeeds.Simulation.Actors;

/// <summary>
/// One incarnation of a lane: the driver around <see cref="LaneProtocol"/> with its consumer and its ledger requests.
/// </summary>
internal sealed class LaneActor : ILanePort
{
    private const int FetchesMax = 2;
    private const int ProbeMilliseconds = 500;

    private readonly History history;
    private readonly World world;
    private readonly LaneHost host;
    private readonly SimLog log;
    private readonly bool goOn;
    private Consumer? consumer;
    private LaneProtocol? protocol;
    private long fetchAt;
    private LaneWriter? writer;
    private int fetching;
    private bool leased;

    public LaneActor(History history, LaneHost host, SimLog log, bool goOn)
    {
        this.history = history;
        this.host = host;
        this.log = log;
        this.goOn = goOn;
        world = history.World;
        Id = history.NextId();
        Lease = $"lease-{Id}";
    }

    public int Id { get; }

    public string Lease { get; }

    public LaneId Lane => log.Lane;

    public SimLog Log => log;

    public bool IsAlive { get; private set; } = true;

    public bool IsCurrent => host.Current == this;

    public LaneProtocol? Protocol => protocol;

    private bool Blind => world.Defect is Defect.TruncationUnnoticed;

    public bool IsDrained => protocol is null || protocol.IsDrained;

    /// <summary>
    /// Starts: asks the log where it begins and ends, then the ledger for the lease, until it answers.
    /// </summary>
    public void Begin()
    {
        if (!IsAlive || leased)
        {
            return;
        }

        var logStart = log.Start;
        world.After(
            world.Rng.Between(1, 20), () => history.ToLedger(this, ledger => ledger.OnTake(this, logStart, goOn)));
        world.After(600, Begin);
    }

    public void Kill() => IsAlive = false;

    public void OnLease(LedgerView view)
    {
        if (!IsAlive || leased || view.Lease != Lease)
        {
            return;
        }

        // The log's end is asked for again: how far slots have to come must not be older than the lease.
        leased = true;
        world.After(world.Rng.Between(1, 20), () => Start(view));
    }

    private void Start(LedgerView view)
    {
        if (!IsAlive)
        {
            return;
        }

        var start = world.Defect is Defect.StartFromKafkaCommit
            ? view with { Floor = Math.Max(view.Floor, history.KafkaCommits.GetValueOrDefault(Lane, 0)) }
            : view;
        consumer = new Consumer(world, log, history.Keys, start.Floor, view.Leader.Epoch, view.NewestEventTime);
        var options = new LaneOptions { RowsInFlightMax = world.Plan.RowsInFlightMax,
            RecordsAboveFloorMax = 4 * world.Plan.RowsInFlightMax };
        protocol = new LaneProtocol(Lane, history.SlotIds, start, options, this);
        writer = new LaneWriter(history, this, protocol);
        world.Log($"{Lease} of {Lane.TopicId} starts at {start.Floor}");

        // The lane before may have raised the floor and ended before its commit: without this one the group would
        // seem to lag.
        writer.Commit(view.Floor);
        protocol.Begin(new OffsetRange(log.Start, Blind ? Math.Max(log.End, start.Floor) : log.End));
        if (!IsAlive)
        {
            return;
        }

        world.Every(world.Plan.PollEvery, Poll);
        world.Every(world.Plan.AskEvery, Ask);
        world.Every(world.Plan.WriteEvery, Write);
        world.Every(ProbeMilliseconds, Probe);
    }

    public void OnLeaseRefused(LeaseAnswer answer)
    {
        if (IsAlive && !leased)
        {
            world.Log($"{Lease} of {Lane.TopicId} gets no lease: {answer}");
            IsAlive = false;
            host.OnLeaseRefused(this, answer);
        }
    }

    public void On(LaneMessages.State state)
    {
        if (IsAlive && protocol is not null)
        {
            protocol.On(world.Defect is Defect.FloorFromApplied ? state with { Durable = state.Applied } : state);
            if (world.Rng.PerMille(300))
            {
                Write();
            }
        }
    }

    public void On(LaneMessages.Gap gap)
    {
        if (!IsAlive || protocol is null)
        {
            return;
        }

        var rounds = protocol.Round;
        if (!protocol.On(gap))
        {
            world.Count(Happening.GapOfOldRound);
            return;
        }

        world.Count(Happening.Gap);
        if (protocol.Round == rounds)
        {
            world.Count(Happening.RewindWaitedForLedger);
        }
    }

    public void OnWritten(long floor)
    {
        if (IsAlive)
        {
            writer?.OnWritten(floor);
        }
    }

    public void OnRefused()
    {
        if (IsAlive)
        {
            protocol?.OnRefused();
        }
    }

    /// <summary>The group takes the partition away, and waits for this long.</summary>
    public void Revoke(int deadline)
    {
        if (protocol is null)
        {
            Kill();
            return;
        }

        if (fetching > 0)
        {
            world.Count(Happening.BufferedAtRevoke);
        }

        protocol.Revoke();
        world.After(deadline, () =>
        {
            if (IsAlive)
            {
                world.Count(protocol.IsDrained ? Happening.LaneRevokedDrained : Happening.LaneRevokedUndrained);
                protocol.EndWith(new LaneEnd(LaneEndReason.Revoked));
            }
        });
    }

    /// <summary>The partition was lost: ends at once.</summary>
    public void Lose()
    {
        protocol?.EndWith(new LaneEnd(LaneEndReason.Lost));
        Kill();
    }

    void ILanePort.Send(ISlotMessage message)
    {
        if (history.Slots[message.Slot.Index].Route(this) is not { } slot)
        {
            if (message is LaneMessages.IFromLane unrouted)
            {
                history.Slots[message.Slot.Index].Buffer(unrouted, this);
            }

            return;
        }

        history.Network.Send(Id, slot.Id, () =>
        {
            if (message is LaneMessages.IFromLane fromLane)
            {
                slot.On(fromLane, this);
            }
            else
            {
                slot.OnCheckpointNow();
            }
        });
    }

    void ILanePort.Rewind(long offset, int fetchGeneration, long newestEventTime, int recordsInVain)
    {
        world.Count(Happening.Rewind);
        world.Log($"{Lease} rewinds to {offset}");
        consumer!.Rewind(offset, fetchGeneration, newestEventTime);
    }

    void ILanePort.Delivered(long applied, long duplicates, IReadOnlyList<Refusal> refused)
    {
        if (applied < 0 || duplicates < 0)
        {
            throw new ViolationException($"{Lease} delivers {applied}, {duplicates}, {refused.Count}");
        }
    }

    void ILanePort.Ended(LaneEnd end)
    {
        world.Log($"{Lease} of {Lane.TopicId} ends: {end.Reason} {end.Range}");
        IsAlive = false;
        host.OnEnded(this, end);
    }

    private bool Poll()
    {
        if (!IsAlive)
        {
            return false;
        }

        if (log.IsGone)
        {
            return true;
        }

        if (consumer!.IsTruncated)
        {
            protocol!.EndWith(
                new LaneEnd(LaneEndReason.SourceChanged, new OffsetRange(log.SecondEpochStart, consumer.Position)));
            return false;
        }

        if (!protocol!.CanAccept || fetching >= FetchesMax || consumer.Poll() is not { } batch)
        {
            return true;
        }

        fetching++;
        fetchAt = Math.Max(fetchAt, world.Now + world.Rng.Between(1, world.Plan.FetchDelayMax));
        world.After(fetchAt - world.Now, () => Offer(batch));
        return true;
    }

    private void Offer(ClassifiedBatch batch)
    {
        fetching--;
        if (!IsAlive)
        {
            return;
        }

        protocol!.OnEnd(log.End);
        if (world.Defect is Defect.FetchGenerationIgnored && batch.FetchGeneration != protocol.FetchGeneration)
        {
            batch = Reread(batch);
        }
        else if (world.Defect is Defect.FetchGenerationIgnored && batch.Next < protocol.Position)
        {
            return;
        }

        if (!protocol.Offer(batch))
        {
            world.Count(Happening.StaleBatchDropped);
        }
    }

    // The same records as if they had been read after the rewind; the consumer goes on behind them.
    private ClassifiedBatch Reread(ClassifiedBatch batch)
    {
        if (batch.Offsets.Length == 0 || batch.Offsets[0] < protocol!.Position)
        {
            return batch;
        }

        consumer!.Rewind(batch.Next, protocol.FetchGeneration, protocol.NewestEventTime);
        return new ClassifiedBatch
        {
            FetchGeneration = protocol.FetchGeneration,
            Offsets = batch.Offsets,
            Outcomes = batch.Outcomes,
            EventTimes = batch.EventTimes,
            Blocks = batch.Blocks,
            Entries = batch.Entries,
            Next = batch.Next,
            LeaderEpoch = batch.LeaderEpoch,
        };
    }

    /// <summary>A report names a slot that has not caught up; the lane may not have begun yet.</summary>
    public void AskBehind(SlotId slot)
    {
        if (IsAlive)
        {
            protocol?.Ask([slot.Index]);
        }
    }

    private bool Ask()
    {
        if (IsAlive && (world.Defect is not Defect.AskOnlyWhenOutstanding || protocol!.RecordsAboveFloor > 0))
        {
            protocol!.AskAll();
        }

        return IsAlive;
    }

    private bool Write()
    {
        if (IsAlive)
        {
            writer!.Write();
        }

        return IsAlive;
    }

    private bool Probe()
    {
        if (!IsAlive)
        {
            return false;
        }

        var endAtBegin = protocol!.EndClaimed;
        world.After(world.Rng.Between(1, 30), () =>
        {
            if (!IsAlive)
            {
                return;
            }

            if (log.IsGone)
            {
                world.Count(Happening.LaneSawNewTopicId);
                protocol.EndWith(new LaneEnd(LaneEndReason.SourceChanged));
                return;
            }

            var known = Blind ? 0 : endAtBegin;
            protocol.OnProbe(new OffsetRange(log.Start, log.End), known);
        });
        return true;
    }
}
