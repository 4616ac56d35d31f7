namespace AkkaFeeds.Telemetry;

/// <summary>A client whose write waits for its socket.</summary>
/// <param name="Path">Which way it is written to.</param>
/// <param name="Since">Since when the write waits, Unix ms.</param>
/// <param name="Feeds">The feeds that it watches something of.</param>
public sealed record SlowSocket(ClientPath Path, long Since, IReadOnlyList<string> Feeds);
