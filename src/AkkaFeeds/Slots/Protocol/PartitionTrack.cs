using AkkaFeeds.Contracts;

namespace AkkaFeeds.Slots.Protocol;

/// <summary>What a slot knows of one partition.</summary>
internal sealed class PartitionTrack(LaneId lane)
{
    // A lease is met once in a while; forgetting one only costs that the journal is asked again.
    private const int LeasesMax = 8;

    private readonly List<string> leases = [];
    private string? gateLease;

    /// <summary>The partition.</summary>
    public LaneId Lane { get; } = lane;

    /// <summary>W, or -1.</summary>
    public long Applied { get; set; } = -1;

    /// <summary>Kafka's leader epoch of the row at W, or -1.</summary>
    public int LeaderEpoch { get; set; } = -1;

    /// <summary>The W of the newest complete checkpoint, or -1.</summary>
    public long Durable { get; set; } = -1;

    /// <summary>R: every row of the slot below it has been offered to this incarnation.</summary>
    public long Read { get; set; } = -1;

    /// <summary>The log's end of the first accepted message that named this incarnation, or null before it.</summary>
    public long? GateEnd { get; private set; }

    /// <summary>Where the lane's floor stood then: what progress is measured from.</summary>
    public long GateStart { get; private set; }

    /// <summary>
    /// The lease whose lane is not followed any more, because store or log contradict it; null where none is.
    /// </summary>
    public string? RefusedLease { get; set; }

    /// <summary>Refusals at or above the newest floor seen, ascending.</summary>
    public List<Refusal> Refusals { get; } = [];

    /// <summary>Whether this incarnation has read as far as the log's end that stood when it began.</summary>
    public bool GatePassed => GateEnd is { } end && Read >= end;

    /// <summary>Whether the journal was asked after this lease was met.</summary>
    public bool Knows(string lease) => leases.Contains(lease);

    /// <summary>The journal has nothing newer than this incarnation: the lease is known.</summary>
    public void Learn(string lease)
    {
        if (!leases.Contains(lease))
        {
            leases.Add(lease);
            if (leases.Count > LeasesMax)
            {
                leases.RemoveAt(0);
            }
        }
    }

    /// <summary>
    /// Takes the log's end of a message that names this incarnation. Along a lane it only rises; one that is lower
    /// with another lane is that of a log that was cut, whose former end may never come again.
    /// </summary>
    public void Gate(string lease, long floor, long end)
    {
        if (GateEnd is not { } known || (end < known && lease != gateLease))
        {
            GateEnd = end;
            GateStart = floor;
            gateLease = lease;
        }
    }

    /// <summary>The state to tell.</summary>
    public LaneMessages.State ToState(SlotId slot, string epoch, int duplicates) =>
#if DEFECT_DURABLE_BEFORE_PERSIST
        new(slot, Lane, epoch, Applied, LeaderEpoch, Applied, RefusalsUpTo(Applied), duplicates);
#else
        new(slot, Lane, epoch, Applied, LeaderEpoch, Durable, RefusalsUpTo(Durable), duplicates);
#endif

    /// <summary>Forgets the refusals below a floor: they are in the ledger.</summary>
    public void ForgetBelow(long floor)
    {
        if (Refusals.Count > 0 && Refusals[0].Offset < floor)
        {
            Refusals.RemoveAll(refusal => refusal.Offset < floor);
        }
    }

    private IReadOnlyList<Refusal> RefusalsUpTo(long offset) =>
        Refusals.Count == 0 ? [] : Refusals.TakeWhile(refusal => refusal.Offset <= offset).ToArray();
}
