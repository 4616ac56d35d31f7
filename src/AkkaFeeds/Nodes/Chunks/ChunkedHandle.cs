using Akka.Event;
using Akka.Remote.Transport;
using AkkaFeeds.Contracts.Wire;
using Google.Protobuf;

namespace AkkaFeeds.Nodes.Chunks;

/// <summary>
/// One connection between two nodes. What Akka writes is one frame while it is small, and chunks where it is larger
/// and the other side has said that it takes them. It is not serialized again: what is cut is what Akka made to write.
/// </summary>
internal sealed class ChunkedHandle : AssociationHandle
{
    /// <summary>The tag of field 1 of Akka's frames: a message, and not a word about the connection.</summary>
    private const byte AkkaMessage = 0x0a;

    private readonly AssociationHandle connection;
    private readonly ChunkLimits limits;
    private readonly ILoggingAdapter log;
    private readonly ChunkAssembler assembler;
    private readonly Lock cutting = new();
    private int announced;
    private long transfers;
    private volatile bool otherTakesChunks;

    public ChunkedHandle(AssociationHandle connection, ChunkLimits limits, ILoggingAdapter log)
        : base(connection.LocalAddress, connection.RemoteAddress)
    {
        this.connection = connection;
        this.limits = limits;
        this.log = log;
        assembler = new(limits.MessageBytes);

        _ = ListenAsync();
    }

    /// <inheritdoc/>
    public override bool Write(ByteString payload)
    {
        if (payload.Length > limits.ChunkBytes)
        {
            return WriteLarge(payload);
        }

        return connection.Write(
            Volatile.Read(ref announced) == 0 && Interlocked.Exchange(ref announced, 1) == 0
                ? ChunkFrames.Announce(payload)
                : payload);
    }

    /// <inheritdoc/>
    [Obsolete("Akka's interface has it so; what ends a connection says why.")]
    public override void Disassociate() => connection.Disassociate();

    /// <summary>The connection reads nothing before it has a listener, so no frame passes this one by.</summary>
    private async Task ListenAsync()
    {
        var akka = await ReadHandlerSource.Task.ConfigureAwait(false);
        connection.ReadHandlerSource.TrySetResult(new Listener(this, akka));
    }

    private bool WriteLarge(ByteString payload)
    {
        if (payload.Length > limits.MessageBytes)
        {
            return Refuse(payload, limits.MessageBytes, "the limit of a message between nodes");
        }

        if (otherTakesChunks)
        {
            return WriteChunks(payload);
        }

        return payload.Length <= limits.FrameBytes
            ? connection.Write(payload)
            : Refuse(payload, limits.FrameBytes, "which is what the release on that node takes");
    }

    /// <summary>
    /// All of a message's chunks, one behind the other. Small frames of other threads may come between them.
    /// </summary>
    private bool WriteChunks(ByteString payload)
    {
        lock (cutting)
        {
            var transfer = ++transfers;
            var count = ChunkFrames.Count(payload.Length, limits.ChunkBytes);
            for (var index = 0; index < count; index++)
            {
                if (!connection.Write(ChunkFrames.Cut(transfer, index, payload, limits.ChunkBytes)))
                {
                    // Akka keeps the message and writes it again, or the connection is gone: the other side drops what
                    // it has of this one.
                    return false;
                }
            }

            return true;
        }
    }

    private bool Refuse(ByteString payload, long limit, string which)
    {
        log.Error(
            "A message to {Node} was refused: it has {Bytes} bytes, and {Limit} are allowed, {Which}",
            RemoteAddress, payload.Length, limit, which);
        return true;
    }

    /// <summary>What is to be told Akka of a frame, or null where it is not for Akka or not whole yet.</summary>
    private ByteString? Read(ByteString frame)
    {
        if (frame.Length == 0 || frame[0] == AkkaMessage)
        {
            return frame;
        }

        var known = ConnectionFrame.Parser.ParseFrom(frame);
        otherTakesChunks |= known.TakesChunks;
        if (known.Chunk is not { } chunk)
        {
            return frame;
        }

        var (whole, lost) = assembler.Take(chunk);
        if (lost is not null)
        {
            log.Error("A message of {Node} in chunks was {Lost}", RemoteAddress, lost);
        }

        return whole;
    }

    private sealed class Listener(ChunkedHandle handle, IHandleEventListener akka) : IHandleEventListener
    {
        public void Notify(IHandleEvent ev)
        {
            if (ev is not InboundPayload inbound)
            {
                akka.Notify(ev);
            }
            else if (handle.Read(inbound.Payload) is { } payload)
            {
                akka.Notify(ReferenceEquals(payload, inbound.Payload) ? inbound : new InboundPayload(payload));
            }
        }
    }
}
