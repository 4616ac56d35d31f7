using Akka.Event;
using Akka.Remote.Transport;
using Akka.TestKit.Xunit2;
using AkkaFeeds.Nodes.Chunks;
using Google.Protobuf;
using Xunit;

namespace AkkaFeeds.Tests.Nodes.Chunks;

public sealed class ChunkedHandleTests : TestKit
{
    private static readonly ChunkLimits Limits = new(ChunkBytes: 100, FrameBytes: 300, MessageBytes: 1_000);

    private readonly RecordedConnection connection = new(4054);
    private readonly ChunkedHandle handle;
    private readonly Received received = new();

    public ChunkedHandleTests()
    {
        handle = new ChunkedHandle(connection, Limits, Logging.GetLogger(Sys, "chunks"));
        handle.ReadHandlerSource.SetResult(received);
    }

    [Fact]
    public void Bytes_on_the_wire_are_the_ones_that_were_approved()
    {
        Assert.Equal("12020801" + "80bd0301", Hex(ChunkFrames.Announce(Bytes(0x12, 2, 8, 1))));
        var message = Bytes(1, 2, 3, 4, 5, 6, 7, 8);
        Assert.Equal(
            "8abd03" + "0b" + "0805" + "1803" + "2008" + "2a03" + "010203",
            Hex(ChunkFrames.Cut(5, 0, message, 3)));
        Assert.Equal(
            "8abd03" + "0c" + "0805" + "1002" + "1803" + "2008" + "2a02" + "0708",
            Hex(ChunkFrames.Cut(5, 2, message, 3)));
    }

    [Fact]
    public void Messages_around_the_size_of_a_chunk_and_far_above_arrive_whole_and_in_order()
    {
        Announce();
        int[] sizes = [1, 99, 2, 100, 3, 101, 4, 199, 200, 201, 5, 999, 1_000, 6];
        var frames = sizes.Select(Message).ToList();
        Assert.All(frames, frame => Assert.True(handle.Write(frame)));
        Assert.All(connection.Written, written => Assert.InRange(written.Length, 1, 100 + 32));
        Carry();
        Assert.Equal(frames, received.Payloads);
    }

    [Fact]
    public void A_small_message_is_written_as_it_is_and_read_as_it_is()
    {
        Announce();
        var small = Message(100);
        handle.Write(small);
        Assert.Same(small, connection.Written.Single());
        connection.Bring(small);
        Assert.Same(small, received.Payloads.Single());
    }

    [Fact]
    public void The_first_frame_alone_says_that_chunks_are_taken()
    {
        var associate = Bytes(0x12, 2, 8, 1);
        handle.Write(associate);
        handle.Write(associate);
        Assert.Equal([Hex(associate) + "80bd0301", Hex(associate)], connection.Written.Select(Hex));
    }

    [Fact]
    public void A_node_that_has_not_said_so_gets_no_chunks_and_what_is_too_large_for_its_frames_is_refused()
    {
        handle.Write(Bytes(0x12, 2, 8, 1));
        connection.Bring(Bytes(0x12, 2, 8, 1));
        connection.Written.Clear();
        var largest = Message(300);
        Assert.True(handle.Write(largest));
        EventFilter.Error(contains: "301 bytes, and 300 are allowed").ExpectOne(
            () => Assert.True(handle.Write(Message(301))));
        Assert.True(handle.Write(Message(7)));
        Assert.Equal([300, 7], connection.Written.Select(frame => frame.Length));
    }

    [Fact]
    public void What_is_larger_than_a_message_may_be_is_refused_and_nothing_of_it_is_written()
    {
        Announce();
        EventFilter.Error(contains: "1001 bytes, and 1000 are allowed").ExpectOne(
            () => Assert.True(handle.Write(Message(1_001))));
        Assert.Empty(connection.Written);
    }

    [Fact]
    public void A_message_that_was_cut_off_and_written_again_arrives_once()
    {
        Announce();
        connection.Room = 2;
        Assert.False(handle.Write(Message(450)));
        connection.Room = int.MaxValue;
        Assert.True(handle.Write(Message(450)));
        EventFilter.Error(contains: "another began behind chunk 2 of 5").ExpectOne(Carry);
        Assert.Equal([Message(450)], received.Payloads);
    }

    [Fact]
    public void A_frame_of_another_thread_may_come_between_chunks()
    {
        Announce();
        handle.Write(Message(250));
        var chunks = connection.Written.ToList();
        connection.Bring(chunks[0]);
        connection.Bring(Bytes(0x12, 2, 8, 3));
        connection.Bring(chunks[1]);
        connection.Bring(Message(9));
        connection.Bring(chunks[2]);
        Assert.Equal([4, 9, 250], received.Payloads.Select(payload => payload.Length));
    }

    [Fact]
    public async Task The_end_of_the_connection_is_told_on_both_ways()
    {
        (await connection.ReadHandlerSource.Task).Notify(new Disassociated(DisassociateInfo.Shutdown));
        Assert.IsType<Disassociated>(Assert.Single(received.Events));
        handle.Disassociate("the test", Logging.GetLogger(Sys, "chunks"));
        Assert.True(connection.IsEnded);
    }

    /// <summary>Both sides have said that they take chunks.</summary>
    private void Announce()
    {
        var associate = ChunkFrames.Announce(Bytes(0x12, 2, 8, 1));
        handle.Write(Bytes(0x12, 2, 8, 1));
        connection.Bring(associate);
        Assert.Equal([associate], received.Payloads);
        received.Events.Clear();
        connection.Written.Clear();
    }

    /// <summary>What was written comes back as if the other side had written it.</summary>
    private void Carry()
    {
        while (connection.Written.TryDequeue(out var frame))
        {
            connection.Bring(frame);
        }
    }

    /// <summary>A frame as Akka makes it of a message: it begins with the tag of field 1.</summary>
    private static ByteString Message(int length) =>
        ByteString.CopyFrom([0x0a, .. Enumerable.Range(1, length - 1).Select(at => (byte)(at * 31))]);

    private static ByteString Bytes(params byte[] bytes) => ByteString.CopyFrom(bytes);

    private static string Hex(ByteString bytes) => Convert.ToHexStringLower(bytes.Span);

    private sealed class Received : IHandleEventListener
    {
        public List<IHandleEvent> Events { get; } = [];

        public IEnumerable<ByteString> Payloads => Events.OfType<InboundPayload>().Select(inbound => inbound.Payload);

        public void Notify(IHandleEvent ev) => Events.Add(ev);
    }
}
