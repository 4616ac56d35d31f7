namespace AkkaFeeds.Clients;

/// <summary>What a client says that it holds of a key.</summary>
/// <param name="Epoch">The slot's incarnation.</param>
/// <param name="Version">The version.</param>
/// <param name="Positions">The last offset folded, by partition.</param>
internal sealed record ResumeFrom(string Epoch, long Version, IReadOnlyList<KeyValuePair<string, long>> Positions);
