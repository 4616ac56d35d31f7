using Akka.Configuration;

namespace AkkaFeeds.Nodes.Chunks;

/// <summary>How large what nodes say to each other may be (docs/cluster.md).</summary>
/// <param name="ChunkBytes">What is longer is cut into chunks of so many bytes.</param>
/// <param name="FrameBytes">What is taken in one piece by a node that does not take chunks.</param>
/// <param name="MessageBytes">What is longer is refused; no receiver holds more of a message on its way.</param>
internal sealed record ChunkLimits(int ChunkBytes, int FrameBytes, int MessageBytes)
{
    /// <summary>What stands around a message in a frame: Akka counts it after it has compared.</summary>
    private const int FrameOverheadBytes = 32;

    /// <summary>The limits of a transport's settings.</summary>
    public static ChunkLimits Of(Config transport) => new(
        BytesOf(transport, "chunk-size"),
        BytesOf(transport, "maximum-frame-size") - FrameOverheadBytes,
        BytesOf(transport, "maximum-message-size"));

    private static int BytesOf(Config transport, string name) =>
        (int)(transport.GetByteSize(name) ?? throw new ArgumentException($"the transport's {name} is not set"));
}
