using AkkaFeeds.Contracts;

namespace AkkaFeeds.Clients;

/// <summary>What a client holds of a key once it has read what was written.</summary>
/// <param name="Feed">The feed.</param>
/// <param name="Key">The key.</param>
/// <param name="From">Epoch, version and positions.</param>
internal sealed record HeldKey(string Feed, KeyName Key, ResumeFrom From);
