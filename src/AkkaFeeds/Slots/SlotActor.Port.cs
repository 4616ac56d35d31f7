using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Event;
using AkkaFeeds.Contracts;
using AkkaFeeds.Slots.Protocol;

namespace AkkaFeeds.Slots;

/// <content>What the protocol asks of its actor.</content>
internal sealed partial class SlotActor
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    bool ISlotPort.TryFold(LaneId lane, RowBlock block, int row, out string reason, out string detail) =>
        keys.TryFold(block, row, SourceOf(lane), out reason, out detail);

    void ISlotPort.Reply(LaneMessages.IFromLane message, IFeedMessage answer) =>
        (replyTo ?? lanes[message.Lane]).Tell(answer);

    void ISlotPort.Tell(LaneMessages.State state)
    {
        if (lanes.TryGetValue(state.Lane, out var lane))
        {
            lane.Tell(state);
        }
    }

    void ISlotPort.ReadHighest()
    {
        var database = dependencies.Database;
        var persistenceId = PersistenceId;
        Task.Run(() => database.HighestSequenceNumber(persistenceId)).PipeTo(
            Self, Self, highest => new Highest(highest), cause => new HighestFailed(cause));
    }

    void ISlotPort.Stop(string reason)
    {
        log.Warning("Slot {Slot} starts over: {Reason}", slot, reason);
        Context.Stop(Self);
    }

    void ISlotPort.Condition(string name, string detail)
    {
        log.Error("Slot {Slot}: {Condition}: {Detail}", slot, name, detail);
        if (name == "store-rolled-back")
        {
            // Lanes go on from floors that this store has not. New ones begin at those that it has.
            dependencies.Failure.Fail(new StartupException(
                $"store {dependencies.Database.DisplayName}",
                $"it went back behind what this process had stored, so it was put back under it ({detail})",
                "start again, and what it lacks is read from the log"));
        }
    }

    private int SourceOf(LaneId lane) =>
        Definitions.Compilation.ViewProgram.SourceOf(feed.TopicIndexOf(lane.Topic), lane.Partition);
}
