namespace AkkaFeeds.Definitions.Compilation;

/// <summary>The limits of the file that decide what a fold refuses; they are part of a feed's meaning.</summary>
/// <param name="TopItems"><c>top.items</c>: how many different items one <c>top</c> keeps.</param>
/// <param name="KeyBytes"><c>key.bytes</c>: how many bytes one key's state takes.</param>
/// <param name="IdsKeep"><c>ids.keep</c>: how many identities one key keeps.</param>
internal sealed record CompileLimits(int TopItems = 10_000, int KeyBytes = 8 * 1024 * 1024, int IdsKeep = 100_000);
