using AkkaFeeds.Contracts;

namespace AkkaFeeds.Slots.Protocol;

/// <summary>
/// The slot's side of the lane protocol (docs/protocol.md; rules 9 to 16 of the design): what to fold, what to answer, when to
/// checkpoint, when to stop. Pure: it knows no clock, no actor and no database.
/// </summary>
internal sealed class SlotProtocol
{
    private readonly Dictionary<LaneId, PartitionTrack> tracks = [];
    private readonly HashSet<string> leases = new(StringComparer.Ordinal);
    private readonly List<LaneMessages.IFromLane> held = [];
    private readonly SlotId slot;
    private readonly ISlotPort port;
    private IReadOnlyList<(string Topic, int Partition)> expected = [];
    private IReadOnlyList<Watermark>? cut;
    private int verifying;
    private bool stopped;
    private bool gatePassed;

    /// <summary>Begins an incarnation with what its journal says.</summary>
    public SlotProtocol(SlotId slot, string epoch, IReadOnlyList<Watermark> recovered, ISlotPort port)
    {
        this.slot = slot;
        this.port = port;
        Epoch = epoch;
        foreach (var watermark in recovered)
        {
            var track = TrackOf(watermark.Lane);
            track.Applied = watermark.Applied;
            track.Durable = watermark.Applied;
            track.Refusals.AddRange(watermark.Refusals);
        }
    }

    /// <summary>This incarnation.</summary>
    public string Epoch { get; }

    /// <summary>Whether a checkpoint is being written.</summary>
    public bool CutInFlight => cut is not null;

    /// <summary>Whether there is something that the newest complete checkpoint lacks.</summary>
    public bool HasNews => tracks.Values.Any(track => track.Applied != track.Durable);

    /// <summary>Whether this incarnation is not yet as far as the log's ends that stood when it began.</summary>
    public bool IsRebuilding => !(gatePassed |= expected.Count > 0 && expected.All(HasPassed));

    /// <summary>The partitions, in no order.</summary>
    public IReadOnlyCollection<PartitionTrack> Tracks => tracks.Values;

    /// <summary>Names all partitions that feed this slot; before that it is rebuilding.</summary>
    public void Expect(IReadOnlyList<(string Topic, int Partition)> partitions) => expected = partitions;

    /// <summary>Takes rows or an ask.</summary>
    public void On(LaneMessages.IFromLane message)
    {
        if (stopped)
        {
            return;
        }

        if (leases.Contains(message.Lease))
        {
            Accept(message);
            return;
        }

        // A lease met for the first time may come from a world in which another incarnation of this slot wrote the journal on.
        held.Add(message);
        Verify();
    }

    /// <summary>The journal's highest sequence number, as asked for by <see cref="ISlotPort.ReadHighest"/>.</summary>
    /// <param name="highest">What the journal says.</param>
    /// <param name="own">What this incarnation wrote or recovered last.</param>
    public void OnHighest(long highest, long own)
    {
        if (stopped)
        {
            return;
        }

        if (highest > own)
        {
            Stop($"another incarnation wrote on: {highest} is higher than {own}");
            return;
        }

        var messages = held.Take(verifying).ToList();
        held.RemoveRange(0, verifying);
        verifying = 0;
        foreach (var message in messages)
        {
            leases.Add(message.Lease);
            Accept(message);
        }

        Verify();
    }

    /// <summary>The journal did not answer: what is held is asked for again.</summary>
    public void OnHighestFailed()
    {
        verifying = 0;
        Verify();
    }

    /// <summary>Whether a checkpoint may be cut now; not while the journal is being asked who wrote last.</summary>
    public bool CanCut => !stopped && !CutInFlight && verifying == 0 && HasNews;

    /// <summary>Takes the watermarks of a checkpoint, in the same turn in which the keys are encoded.</summary>
    public IReadOnlyList<Watermark> Cut()
    {
        cut = [.. tracks.Values.Where(track => track.Applied >= 0).Select(
            track => new Watermark(track.Lane, track.Applied, [.. track.Refusals]))];
        return cut;
    }

    /// <summary>All pieces of the checkpoint are stored: what was captured then is durable.</summary>
    public void OnCutStored()
    {
        foreach (var watermark in cut ?? throw new InvalidOperationException("no checkpoint is in flight"))
        {
            var track = tracks[watermark.Lane];
            track.Durable = watermark.Applied;
            port.Tell(track.ToState(slot, Epoch, 0));
        }

        cut = null;
        Verify();
    }

    private void Verify()
    {
        if (held.Count > 0 && verifying == 0 && !CutInFlight && !stopped)
        {
            verifying = held.Count;
            port.ReadHighest();
        }
    }

    private void Accept(LaneMessages.IFromLane message)
    {
        if (stopped)
        {
            return;
        }

        var track = TrackOf(message.Lane);
        if (message.Previous is { } previous && previous > track.Applied)
        {
            if (previous < message.Floor)
            {
                LacksDurableRows(message, track, previous);
            }
            else
            {
                port.Reply(message, new LaneMessages.Gap(slot, message.Lane, message.Lease, message.Round));
                port.Reply(message, track.ToState(slot, Epoch, 0));
            }

            return;
        }

        var duplicates = message is LaneMessages.Rows rows ? Fold(track, rows.Block) : 0;
        track.Read = Math.Max(track.Read, message.Read);
        track.ForgetBelow(message.Floor);
        if (track.GateEnd is null && message.Epoch == Epoch)
        {
            track.GateEnd = message.End;
        }

        port.Reply(message, track.ToState(slot, Epoch, duplicates));
    }

    private int Fold(PartitionTrack track, RowBlock block)
    {
        var offsets = block.Offsets;
        var row = 0;
        while (row < offsets.Length && offsets[row] <= track.Applied)
        {
            row++;
        }

        var duplicates = row;
        for (; row < offsets.Length; row++)
        {
            if (!port.TryFold(track.Lane, block, row, out var reason, out var detail))
            {
                track.Refusals.Add(new Refusal(offsets[row], reason, detail));
            }

            track.Applied = offsets[row];
        }

        return duplicates;
    }

    // The lane's floor says that these rows are durable. Either a newer incarnation made them so, or the store went back.
    private void LacksDurableRows(LaneMessages.IFromLane message, PartitionTrack track, long previous)
    {
        if (!track.AskedJournal)
        {
            track.AskedJournal = true;
            leases.Remove(message.Lease);
            held.Add(message);
            Verify();
            return;
        }

        if (!track.RolledBack)
        {
            track.RolledBack = true;
            port.Condition(
                "store-rolled-back",
                $"{message.Lane} sent {previous} and knows {message.Floor} as durable; the journal ends at {track.Applied}");
        }

        port.Reply(message, track.ToState(slot, Epoch, 0));
    }

    private void Stop(string reason)
    {
        stopped = true;
        port.Stop(reason);
    }

    private bool HasPassed((string Topic, int Partition) partition) => tracks.Values.Any(
        track => track.GatePassed && track.Lane.Partition == partition.Partition && track.Lane.Topic == partition.Topic);

    private PartitionTrack TrackOf(LaneId lane)
    {
        if (!tracks.TryGetValue(lane, out var track))
        {
            track = new PartitionTrack(lane);
            tracks.Add(lane, track);
        }

        return track;
    }
}
