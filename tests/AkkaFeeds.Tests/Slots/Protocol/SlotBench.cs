using AkkaFeeds.Contracts;
using AkkaFeeds.Slots.Protocol;

namespace AkkaFeeds.Tests.Slots.Protocol;

/// <summary>A slot that has stored its claim, over a fold that remembers offsets and refuses those that it is told
/// to.</summary>
internal sealed class SlotBench : ISlotPort
{
    public static readonly SlotId Slot = new("f", 1, 0);
    public static readonly LaneId Lane = new("f", 1, "topic-id", "t", 0);

    public SlotBench(params Watermark[] recovered)
    {
        Protocol = new SlotProtocol(Slot, "e1", recovered, this);
        Protocol.OnClaimStored();
        Protocol.Expect([("t", 0)]);
    }

    public SlotProtocol Protocol { get; }

    /// <summary>What the journal says when it is asked; null where the answer is held back.</summary>
    public long? Highest { get; set; } = 7;

    public long Own { get; set; } = 7;

    public HashSet<long> Refuses { get; } = [];

    public List<long> Folded { get; } = [];

    public List<IFeedMessage> Replies { get; } = [];

    public List<LaneMessages.State> Told { get; } = [];

    public List<string> Stops { get; } = [];

    public List<string> Conditions { get; } = [];

    public int JournalAsked { get; private set; }

    public LaneMessages.State LastState => (LaneMessages.State)Replies[^1];

    public void Rows(
        long? previous, long[] offsets, long floor = 0, string lease = "a", int leaderEpoch = 1, int round = 0) =>
        Protocol.On(new LaneMessages.Rows(
            Slot, Lane, lease, round, floor, previous, previous is null ? -1 : leaderEpoch, offsets[^1] + 1, 100, "e1",
            leaderEpoch, Ingest.Protocol.LaneBench.Block(offsets)));

    public void Ask(
        long? previous, long floor = 0, long read = 0, string lease = "a", string? epoch = "e1", long end = 100,
        int previousLeaderEpoch = 1) =>
        Protocol.On(new LaneMessages.Ask(
            Slot, Lane, lease, 0, floor, previous, previousLeaderEpoch, read, end, epoch));

    bool ISlotPort.TryFold(LaneId lane, RowBlock block, int row, out string reason, out string detail)
    {
        (reason, detail) = (Reasons.Type, "text");
        if (Refuses.Contains(block.Offsets[row]))
        {
            return false;
        }

        Folded.Add(block.Offsets[row]);
        return true;
    }

    void ISlotPort.Reply(LaneMessages.IFromLane message, IFeedMessage answer) => Replies.Add(answer);

    void ISlotPort.Tell(LaneMessages.State state) => Told.Add(state);

    void ISlotPort.ReadHighest()
    {
        JournalAsked++;
        if (Highest is { } highest)
        {
            Protocol.OnHighest(highest, Own);
        }
    }

    void ISlotPort.Stop(string reason) => Stops.Add(reason);

    void ISlotPort.Condition(string name, string detail) => Conditions.Add(name);
}
