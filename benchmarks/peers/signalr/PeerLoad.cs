namespace AkkaFeeds.Peers;

/// <summary>What the peer makes.</summary>
/// <param name="UpdatesPerSecond">Updates of a random key, a second.</param>
/// <param name="Keys">How many keys: k0 and so on.</param>
/// <param name="FrameBytes">How large a frame is, about.</param>
internal sealed record PeerLoad(double UpdatesPerSecond, int Keys, int FrameBytes);
