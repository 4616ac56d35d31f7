using System.Runtime.CompilerServices;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Slots.Protocol;

/// <summary>
/// The slot's side of the lane protocol (docs/protocol.md; rules 9 to 18 of the design): what to fold, what to
/// answer, when to checkpoint, when to stop. Pure: it knows no clock, no actor and no database. An incarnation begins
/// by writing its claim, so that whoever wrote before it is fenced; until that is stored it folds and answers, but
/// verifies no lease and cuts nothing.
/// </summary>
internal sealed partial class SlotProtocol
{
    private readonly Dictionary<LaneId, PartitionTrack> tracks = [];
    private readonly List<LaneMessages.IFromLane> held = [];
    private readonly SlotId slot;
    private readonly ISlotPort port;
    private IReadOnlyList<(string Topic, int Partition)> expected = [];
    private IReadOnlyList<Watermark>? cut;
    private int verifying;
    private bool claimed;
    private bool stopped;
    private bool gatePassed;
    private bool isSourceKnown;

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
            track.LeaderEpoch = watermark.LeaderEpoch;
            track.Durable = watermark.Applied;
            track.Refusals.AddRange(watermark.Refusals);
        }
    }

    /// <summary>The slot.</summary>
    public SlotId Slot => slot;

    /// <summary>This incarnation.</summary>
    public string Epoch { get; }

    /// <summary>Whether a checkpoint is being written.</summary>
    public bool CutInFlight => cut is not null;

    /// <summary>Whether there is something that the newest complete checkpoint lacks.</summary>
    public bool HasNews
    {
        get
        {
            foreach (var track in tracks.Values)
            {
                if (track.Applied != track.Durable)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Whether this incarnation is not yet as far as the log's ends that stood when it began.</summary>
    public bool IsRebuilding => !(gatePassed |= isSourceKnown && expected.All(HasPassed));

    /// <summary>How far this incarnation has read towards the gate, from 0 to 1.</summary>
    public double Progress
    {
        get
        {
            long wanted = 0, read = 0;
            foreach (var track in tracks.Values)
            {
                if (track.GateEnd is { } end && end > track.GateStart)
                {
                    wanted += end - track.GateStart;
                    read += Math.Clamp(track.Read - track.GateStart, 0, end - track.GateStart);
                }
            }

            return wanted == 0 ? 0 : (double)read / wanted;
        }
    }

    /// <summary>The partitions, in no order.</summary>
    public IReadOnlyCollection<PartitionTrack> Tracks => tracks.Values;

    /// <summary>Names the partitions that this slot waits for; before that it is rebuilding.</summary>
    /// <param name="partitions">Those that feed it and are read, or will be.</param>
    /// <param name="isKnown">Whether it is known which partitions feed it; it may wait for none of them.</param>
    public void Expect(IReadOnlyList<(string Topic, int Partition)> partitions, bool isKnown = true)
    {
        expected = partitions;
        isSourceKnown = isKnown;
    }

    /// <summary>Takes rows or an ask.</summary>
    public void On(LaneMessages.IFromLane message)
    {
        if (stopped || message.Slot != slot || !IsOurs(message.Lane))
        {
            return;
        }

#if DEFECT_LEASE_NOT_VERIFIED
        if (claimed)
#else
        if (TrackOf(message.Lane).Knows(message.Lease) && !IsHeld(message.Lease))
#endif
        {
            Accept(message, verified: false);
            return;
        }

        // A lease met for the first time may come from a world in which another incarnation of this slot wrote the
        // journal on.
        held.Add(message);
        Verify();
    }

    /// <summary>The journal's highest sequence number, as asked for by <see cref="ISlotPort.ReadHighest"/>.</summary>
    /// <param name="highest">What the journal says.</param>
    /// <param name="own">What this incarnation wrote or recovered last.</param>
    public void OnHighest(long highest, long own)
    {
        if (stopped || verifying == 0)
        {
            return;
        }

        if (highest != own)
        {
            Stop(highest > own
                ? $"another incarnation wrote on: {highest} is higher than {own}"
                : $"store-rolled-back: the journal ends at {highest}, and {own} was written");
            return;
        }

        var messages = held.Take(verifying).ToList();
        held.RemoveRange(0, verifying);
        verifying = 0;
        foreach (var message in messages)
        {
            TrackOf(message.Lane).Learn(message.Lease);
            Accept(message, verified: true);
        }

        Verify();
    }

    /// <summary>The journal did not answer: what is held is asked for again.</summary>
    public void OnHighestFailed()
    {
        verifying = 0;
        Verify();
    }

    /// <summary>The claim is stored: an older incarnation can write no more.</summary>
    public void OnClaimStored()
    {
        claimed = true;
        Verify();
    }

    /// <summary>Whether a checkpoint may be cut now; not while the journal is being asked who wrote last.</summary>
    public bool CanCut => !stopped && claimed && !CutInFlight && verifying == 0 && HasNews;

    /// <summary>Takes the watermarks of a checkpoint, in the same turn in which the keys are encoded.</summary>
    public IReadOnlyList<Watermark> Cut()
    {
        cut = [.. tracks.Values.Where(track => track.Applied >= 0).Select(track => new Watermark(
            track.Lane, track.Applied, track.LeaderEpoch, [.. track.Refusals]))];
#if DEFECT_WATERMARK_APART
        return [.. cut.Select(mark => mark with { Applied = tracks[mark.Lane].Durable })];
#elif DEFECT_REFUSALS_NOT_STORED
        return [.. cut.Select(mark => mark with { Refusals = [] })];
#else
        return cut;
#endif
    }

    /// <summary>All pieces of the checkpoint are stored: what was captured then is durable.</summary>
    public void OnCutStored()
    {
        if (stopped)
        {
            return;
        }

        foreach (var watermark in cut ?? throw new InvalidOperationException("no checkpoint is in flight"))
        {
            var track = tracks[watermark.Lane];
#if DEFECT_DURABLE_OF_NOW
            track.Durable = track.Applied;
#else
            track.Durable = watermark.Applied;
#endif
            port.Tell(track.ToState(slot, Epoch, 0));
        }

        cut = null;
        Verify();
    }

    /// <summary>
    /// Claim or checkpoint failed, was rejected, timed out or was fenced. Nobody knows what the journal has of it, so
    /// only a recovery can tell: durable is never raised.
    /// </summary>
    public void OnWriteFailed(string reason)
    {
        if (!stopped)
        {
#if DEFECT_WRITE_FAILURE_SWALLOWED
            (cut is null ? (Action)OnClaimStored : OnCutStored)();
#else
            Stop(reason);
#endif
        }
    }

    private void Verify()
    {
        if (held.Count > 0 && verifying == 0 && claimed && !CutInFlight && !stopped)
        {
            verifying = held.Count;
            port.ReadHighest();
        }
    }

    private void Accept(LaneMessages.IFromLane message, bool verified)
    {
        if (stopped)
        {
            return;
        }

        var track = TrackOf(message.Lane);
        if (track.RefusedLease == message.Lease)
        {
            port.Reply(message, track.ToState(slot, Epoch, 0));
            return;
        }

#if DEFECT_PREVIOUS_IGNORED
        if (message.Previous is { } previous && previous < -1)
#else
        if (message.Previous is { } previous && previous > track.Applied)
#endif
        {
            Behind(message, track, previous, verified);
            return;
        }

        var rows = message as LaneMessages.Rows;
        var duplicates = rows is null ? 0 : CountUpTo(rows.Block.Offsets, track.Applied);
        if (IsAnotherLog(message, track, rows, duplicates))
        {
            return;
        }

#if DEFECT_DEDUPE_OFF
        var refused = rows is null ? [] : Fold(rows, track, 0);
#else
        var refused = rows is null ? [] : Fold(rows, track, duplicates);
#endif

        track.RefusedLease = null;
        track.Read = Math.Max(track.Read, message.Read);
        track.ForgetBelow(message.Floor);
#if DEFECT_GATE_OF_ANY_EPOCH
        if (track.GateEnd is null)
#else
        if (message.Epoch == Epoch)
#endif
        {
            track.Gate(message.Lease, message.Floor, message.End);
        }

        var state = track.ToState(slot, Epoch, duplicates);
        port.Reply(message, refused.Count == 0 ? state : state with { RefusedNow = refused });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private IReadOnlyList<long> Fold(LaneMessages.Rows rows, PartitionTrack track, int first)
    {
        List<long>? refused = null;
        var block = rows.Block;
        var offsets = block.Offsets;
        for (var row = first; row < offsets.Length; row++)
        {
            if (!port.TryFold(track.Lane, block, row, out var reason, out var detail))
            {
                track.Refusals.Add(new Refusal(offsets[row], reason, detail));
                (refused ??= []).Add(offsets[row]);
            }

            track.Applied = offsets[row];
        }

        if (first < offsets.Length)
        {
            track.LeaderEpoch = rows.LeaderEpoch;
        }

        return refused ?? (IReadOnlyList<long>)[];
    }

    private void Stop(string reason)
    {
        stopped = true;
        port.Stop(reason);
    }

    private bool IsHeld(string lease) => held.Count > 0 && held.Exists(message => message.Lease == lease);

    private bool IsOurs(LaneId lane) => lane.Generation == slot.Generation && lane.Feed == slot.Feed;

    private bool HasPassed((string Topic, int Partition) partition) => tracks.Values.Any(
        track => track.GatePassed && track.Lane.Partition == partition.Partition
            && track.Lane.Topic == partition.Topic);

    private static int CountUpTo(long[] offsets, long applied)
    {
        if (offsets.Length == 0 || offsets[0] > applied)
        {
            return 0;
        }

        var found = Array.BinarySearch(offsets, applied);
#if DEFECT_DEDUPE_OFF_BY_ONE
        return found >= 0 ? found : ~found;
#else
        return found >= 0 ? found + 1 : ~found;
#endif
    }

    private PartitionTrack TrackOf(LaneId lane)
    {
#if DEFECT_TOPIC_ID_IGNORED
        lane = tracks.Keys.FirstOrDefault(known => known with { TopicId = lane.TopicId } == lane) ?? lane;
#endif
        if (!tracks.TryGetValue(lane, out var track))
        {
            track = new PartitionTrack(lane);
            tracks.Add(lane, track);
        }

        return track;
    }
}
