using AkkaFeeds.Contracts.Wire;
using Google.Protobuf;

namespace AkkaFeeds.Nodes.Chunks;

/// <summary>Our frames between Akka's (docs/wire-compatibility.md).</summary>
internal static class ChunkFrames
{
    private static readonly byte[] TakesChunks = new ConnectionFrame { TakesChunks = true }.ToByteArray();

    /// <summary>How many chunks a message of so many bytes has.</summary>
    public static int Count(int length, int chunkBytes) => (int)(((long)length + chunkBytes - 1) / chunkBytes);

    /// <summary>One chunk of a message, counted from 0.</summary>
    public static ByteString Cut(long transfer, int index, ByteString message, int chunkBytes)
    {
        var start = index * chunkBytes;
        var frame = new ConnectionFrame
        {
            Chunk = new Chunk
            {
                Transfer = transfer,
                Index = index,
                Count = Count(message.Length, chunkBytes),
                Length = message.Length,
                Bytes = UnsafeByteOperations.UnsafeWrap(
                    message.Memory.Slice(start, Math.Min(chunkBytes, message.Length - start))),
            },
        };
        return frame.ToByteString();
    }

    /// <summary>
    /// A frame of Akka's that says beside its own that this side takes chunks. Two protobuf messages one behind the
    /// other are one with the fields of both, and a node that does not know the field leaves it aside.
    /// </summary>
    public static ByteString Announce(ByteString akka) => ByteString.CopyFrom([.. akka.Span, .. TakesChunks]);
}
