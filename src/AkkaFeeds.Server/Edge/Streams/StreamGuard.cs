namespace AkkaFeeds.Server.Edge.Streams;

/// <summary>What stands before every stream, whichever way it comes.</summary>
/// <param name="Origins">Which pages may open one.</param>
/// <param name="Admission">How fast they are let in.</param>
/// <param name="Peers">Finds those whose other end is gone.</param>
internal sealed record StreamGuard(AllowedOrigins Origins, ConnectionAdmission Admission, DeadPeers Peers);
