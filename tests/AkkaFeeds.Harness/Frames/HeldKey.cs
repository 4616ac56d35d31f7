namespace AkkaFeeds.Harness;

/// <summary>What a client holds of a key.</summary>
/// <param name="Feed">The feed.</param>
/// <param name="Key">The key.</param>
/// <param name="IsAnswered">Whether it is subscribed on the present connection and no answer is owed.</param>
/// <param name="Fields">The fields wanted, sorted, by comma; <c>*</c> for all.</param>
/// <param name="Epoch">The epoch.</param>
/// <param name="Version">The version; 0 where no record has made the key.</param>
/// <param name="Positions">The last offset folded, by partition.</param>
/// <param name="View">The canonical spelling of the view; <c>null</c> where there is none.</param>
/// <param name="State">The newest state.</param>
public sealed record HeldKey(
    string Feed, string Key, bool IsAnswered, string Fields, string Epoch, long Version,
    IReadOnlyDictionary<string, long> Positions, string View, string State);
