namespace AkkaFeeds.Harness;

/// <summary>What a client holds of a collection.</summary>
/// <param name="Feed">The feed.</param>
/// <param name="Id">The client's own name for it.</param>
/// <param name="IsAnswered">Whether it is subscribed on the present connection and no answer is owed.</param>
/// <param name="Epoch">The epoch.</param>
/// <param name="Version">The version.</param>
/// <param name="Order">The keys of the cut, in order.</param>
/// <param name="Rows">The canonical spelling of each row.</param>
/// <param name="States">The states of the keys that are not live.</param>
/// <param name="Total">How many keys there are.</param>
public sealed record HeldRows(
    string Feed, string Id, bool IsAnswered, string Epoch, long Version, IReadOnlyList<string> Order,
    IReadOnlyDictionary<string, string> Rows, IReadOnlyDictionary<string, string> States, long Total);
