namespace AkkaFeeds.Contracts;

/// <summary>The one marker that sharding and the serializer bind to.</summary>
public interface IFeedMessage;

/// <summary>A message to a slot.</summary>
public interface ISlotMessage : IFeedMessage
{
    /// <summary>The slot it is for.</summary>
    SlotId Slot { get; }
}

/// <summary>A message to the ledger of a lane.</summary>
public interface ILedgerMessage : IFeedMessage
{
    /// <summary>The lane whose ledger it is for.</summary>
    LaneId Lane { get; }
}
