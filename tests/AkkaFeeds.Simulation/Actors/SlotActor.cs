using AkkaFeeds.Contracts;
using AkkaFeeds.Simulation.Store;
using AkkaFeeds.Slots.Protocol;

namespace AkkaFeeds.Simulation.Actors;

/// <summary>
/// One incarnation of a slot: the driver around <see cref="SlotProtocol"/>, as the real actor is one.
/// </summary>
internal sealed class SlotActor : ISlotPort
{
    private readonly Dictionary<string, LaneActor> lanes = new(StringComparer.Ordinal);
    private readonly List<(LaneMessages.IFromLane Message, LaneActor Sender)> stash = [];
    private readonly Dictionary<LaneId, long> toldDurable = [];
    private readonly Dictionary<LaneId, long> toldRefusal = [];
    private readonly History history;
    private readonly World world;
    private readonly SlotHost host;
    private SlotWriter? writer;
    private SlotProtocol? protocol;

    public SlotActor(History history, SlotHost host, int id)
    {
        this.history = history;
        this.host = host;
        world = history.World;
        Id = id;
        Epoch = $"{host.Slot}.{id}";
        Fold = history.NewFold();
        BeganAt = world.Now;
    }

    public int Id { get; }

    public string Epoch { get; }

    public SlotHost Host => host;

    public long BeganAt { get; }

    /// <summary>What the check remembers of it.</summary>
    public SlotMemory Memory { get; } = new();

    public bool IsAlive { get; private set; } = true;

    public bool IsCurrent => host.Current == this;

    public SlotFold Fold { get; private set; }

    /// <summary>Null while it recovers.</summary>
    public SlotProtocol? Protocol => protocol;

    /// <summary>Starts to recover.</summary>
    public void Begin() => world.After(world.Rng.Between(1, 60), ReadSnapshot);

    /// <summary>
    /// The process is gone, or the shard was moved: nothing of it goes on but what the database already has.
    /// </summary>
    public void Kill() => IsAlive = false;

    public void On(LaneMessages.IFromLane message, LaneActor sender)
    {
        if (!IsAlive)
        {
            world.Count(Happening.MessageLostInHandOff);
            return;
        }

        if (protocol is null)
        {
            if (stash.Count < 20)
            {
                stash.Add((message, sender));
            }

            return;
        }

        Handle(message, sender);
    }

    public void OnCheckpointNow()
    {
        if (IsAlive)
        {
            writer?.Checkpoint();
        }
    }

    bool ISlotPort.TryFold(LaneId lane, RowBlock block, int row, out string reason, out string detail)
    {
        (reason, detail) = (Reasons.Type, "the row says so");
        if (world.Defect is Defect.SlotDoesNothing)
        {
            return true;
        }

        if (block.FieldsOf(row)[1].AsBool)
        {
            world.Count(Happening.RowsRefused);
            return false;
        }

        Fold.Fold(block, row);
        world.Count(Happening.RowsFolded);
        if (world.IsRough && world.Rng.PerMille(world.Plan.CodeFailures))
        {
            world.Count(Happening.SlotCodeFailure);
            throw new CodeFailureException();
        }

        return true;
    }

    void ISlotPort.Reply(LaneMessages.IFromLane message, IFeedMessage answer)
    {
        if (lanes.TryGetValue(message.Lease, out var lane))
        {
            Send(lane, answer);
        }
    }

    void ISlotPort.Tell(LaneMessages.State state)
    {
        foreach (var lane in history.LanesOf(state.Lane, lanes.Values))
        {
            Send(lane, state);
        }
    }

    void ISlotPort.ReadHighest()
    {
        world.Count(Happening.LeaseHeld);
        if (world.Defect is Defect.LeaseNotVerified)
        {
            world.After(0, () => OnHighest(writer!.Sequence));
            return;
        }

        world.After(world.Rng.Between(1, 10), () =>
        {
            if (!IsAlive)
            {
                return;
            }

            if (world.IsRough && world.Rng.PerMille(world.Plan.PersistFaults))
            {
                protocol!.OnHighestFailed();
                return;
            }

            OnHighest(history.Journal.StreamOf(host.StreamId).Highest);
        });
    }

    void ISlotPort.Stop(string reason) => Stop(reason);

    void ISlotPort.Condition(string name, string detail)
    {
        world.Log($"{Epoch} condition {name}: {detail}");
        if (name == "source-changed")
        {
            world.Count(Happening.SourceChangedBySlot);
            history.Operator.OnSourceChangedInSlot(detail);
        }
        else
        {
            throw new ViolationException($"{Epoch} says {name}, and nobody took the store back: {detail}");
        }
    }

    /// <summary>Stops; whoever is current is started again after a back-off.</summary>
    public void Stop(string reason)
    {
        if (!IsAlive)
        {
            return;
        }

        world.Log($"{Epoch} stops: {reason}");
        if (reason.Contains("incarnation", StringComparison.Ordinal))
        {
            world.Count(Happening.AnotherIncarnationFound);
        }

        if (reason.Contains("no longer has the row", StringComparison.Ordinal))
        {
            world.Count(Happening.FoldTakenBack);
        }

        IsAlive = false;
        host.OnStopped(this);
    }

    private void OnHighest(long highest)
    {
        if (IsAlive)
        {
            Guarded(() => protocol!.OnHighest(highest, writer!.Sequence));
            history.Check.Slot(this);
        }
    }

    private void Handle(LaneMessages.IFromLane message, LaneActor sender)
    {
        lanes[message.Lease] = sender;
        var given = SlotDefects.Alter(world.Defect, message, this, history);
        foreach (var track in protocol!.Tracks)
        {
            if (track.Lane == given.Lane && given.Previous > track.Applied && given.Previous < given.Floor)
            {
                world.Count(Happening.MessageHeldBehindFloor);
            }
        }

        var before = history.Check.FoldedBy(this);
        Guarded(() => protocol!.On(given));
        if (IsAlive && given is LaneMessages.Rows rows && history.Check.FoldedBy(this) == before)
        {
            world.Count(Happening.RowsDuplicate, rows.Block.Count);
        }

        history.Check.Slot(this);
    }

    // Folded state and W live and die together: whatever fails in the slot's own code stops it (rule 12).
    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (CodeFailureException failure) when (world.Defect is not Defect.CodeFailureSwallowed)
        {
            Stop(failure.Message);
        }
        catch (CodeFailureException)
        {
            world.Log($"{Epoch} swallows a failure");
        }
    }

    private void Send(LaneActor lane, IFeedMessage answer)
    {
        if (answer is not LaneMessages.State state)
        {
            if (answer is LaneMessages.Gap gap)
            {
                var told = SlotDefects.Restore(world.Defect, gap, lane);
                history.Network.Send(Id, lane.Id, () => lane.On(told));
            }

            return;
        }

        history.Check.DurableTold(host, state);
        state = SlotDefects.Restore(world.Defect, state, lane);
        var sent = history.Network.Send(Id, lane.Id, () => lane.On(state));
        if (!sent && state.Durable > toldDurable.GetValueOrDefault(state.Lane, -1))
        {
            world.Count(Happening.LostDurable);
        }

        toldDurable[state.Lane] = state.Durable;
        if (state.Refusals.Count > 0)
        {
            if (state.Refusals[0].Offset <= toldRefusal.GetValueOrDefault(state.Lane, -1))
            {
                world.Count(Happening.RefusalToldAgain);
            }

            toldRefusal[state.Lane] = state.Refusals[^1].Offset;
            SlotDefects.AfterRefusals(world.Defect, protocol!, state);
        }
    }

    private void ReadSnapshot()
    {
        if (!IsAlive)
        {
            return;
        }

        StoredSnapshot? newest = null;
        foreach (var snapshot in history.Journal.StreamOf(host.StreamId).Snapshots)
        {
            if (!snapshot.IsWhole)
            {
                world.Count(Happening.SnapshotIncompleteIgnored);
            }
            else if (newest is null || snapshot.Sequence > newest.Value.Sequence)
            {
                newest = snapshot;
            }
        }

        world.After(world.Rng.Between(1, 200), () => Replay(newest));
    }

    private void Replay(StoredSnapshot? snapshot)
    {
        if (!IsAlive)
        {
            return;
        }

        var replay = new SlotReplay(history, host.StreamId);
        if (!replay.Run(snapshot))
        {
            world.Count(Happening.ReplayBroken);
            if (world.Defect is not Defect.BrokenReplayTaken)
            {
                world.After(20, ReadSnapshot);
                return;
            }
        }

        history.Check.Recovered(this);
        Fold = replay.Fold;
        protocol = new SlotProtocol(host.Slot, Epoch, replay.Marks, this);
        protocol.Expect(history.ExpectedPartitions);
        writer = new SlotWriter(history, this, protocol, replay.Sequence, snapshot?.Sequence ?? 0);
        world.Log($"{Epoch} recovered at {replay.Sequence}: {history.Check.Describe(this)}");
        writer.Claim();
        if (!IsAlive)
        {
            return;
        }

        history.Check.Slot(this);
        history.ReportBehind(host.Slot);

        world.Every(world.Plan.CheckpointEvery, () =>
        {
            if (IsAlive)
            {
                writer.Checkpoint();
            }

            return IsAlive;
        });
        foreach (var (message, sender) in stash)
        {
            if (IsAlive)
            {
                Handle(message, sender);
            }
        }

        stash.Clear();
    }
}
