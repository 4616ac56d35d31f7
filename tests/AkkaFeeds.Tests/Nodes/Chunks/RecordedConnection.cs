using Akka.Actor;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace AkkaFeeds.Tests.Nodes.Chunks;

/// <summary>A connection that keeps what is written.</summary>
internal sealed class RecordedConnection(int port) : AssociationHandle(Node(4053), Node(port))
{
    /// <summary>What was written and not carried yet.</summary>
    public Queue<ByteString> Written { get; } = [];

    /// <summary>After how many further frames it takes none.</summary>
    public int Room { get; set; } = int.MaxValue;

    public bool IsEnded { get; private set; }

    public override bool Write(ByteString payload)
    {
        if (Room == 0)
        {
            return false;
        }

        Room--;
        Written.Enqueue(payload);
        return true;
    }

    /// <summary>Brings a frame of the other side.</summary>
    public void Bring(ByteString frame) => ReadHandlerSource.Task.Result.Notify(new InboundPayload(frame));

    [Obsolete("Akka's interface has it so.")]
    public override void Disassociate() => IsEnded = true;

    private static Address Node(int port) => new("tcp", "akkafeeds", "127.0.0.1", port);
}
