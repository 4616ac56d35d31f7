namespace AkkaFeeds.Peers;

/// <summary>The argument of an update: what a delta of ours says.</summary>
internal sealed record KeyUpdate(string Feed, string Key, long Base, long Version, UpdateData Data, long At);
