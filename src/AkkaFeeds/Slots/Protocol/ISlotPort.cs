using AkkaFeeds.Contracts;

namespace AkkaFeeds.Slots.Protocol;

/// <summary>
/// What <see cref="SlotProtocol"/> needs of the world: the fold, and effects that its owner carries out.
/// </summary>
internal interface ISlotPort
{
    /// <summary>
    /// Folds one row, or says why not and leaves its key as it was. Whatever it throws has to stop the slot (rule
    /// 12).
    /// </summary>
    bool TryFold(LaneId lane, RowBlock block, int row, out string reason, out string detail);

    /// <summary>Answers the sender of <paramref name="message"/>.</summary>
    void Reply(LaneMessages.IFromLane message, IFeedMessage answer);

    /// <summary>
    /// Tells every lane of the state's partition that is known: who wrote, and whom the reports name.
    /// </summary>
    void Tell(LaneMessages.State state);

    /// <summary>
    /// Reads the journal's highest sequence number, and gives it to <see cref="SlotProtocol.OnHighest"/>.
    /// </summary>
    void ReadHighest();

    /// <summary>Stops this incarnation; the next one recovers, after a back-off where the store failed.</summary>
    void Stop(string reason);

    /// <summary>A named condition that an operator has to see; it does not stop the slot.</summary>
    void Condition(string name, string detail);
}
