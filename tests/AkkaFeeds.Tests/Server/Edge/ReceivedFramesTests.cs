using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Runtime.ExceptionServices;
using System.Text;
using AkkaFeeds.Harness;
using AkkaFeeds.Server.Edge.WebSockets;
using Microsoft.AspNetCore.Connections;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

/// <summary>A connection that ends or breaks, read by a WebSocket past the server's body.</summary>
public sealed class ReceivedFramesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly byte[] Hello = Encoding.UTF8.GetBytes("""{"op":"hello"}""");

    [Fact]
    public async Task A_reset_ends_a_socket_that_waits_by_a_close_and_nothing_is_thrown()
    {
        var peer = new Peer();
        await peer.SendAsync(ClientFrame.Of(ClientFrame.Text, Hello));
        Assert.Equal(Hello, await peer.ReadAsync());
        var broken = new ConnectionResetException("reset by peer");
        var thrown = 0;
        void Count(object? sender, FirstChanceExceptionEventArgs told) =>
            thrown += ReferenceEquals(told.Exception, broken) ? 1 : 0;

        var waits = peer.Socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None).AsTask();
        Assert.False(waits.IsCompleted);
        AppDomain.CurrentDomain.FirstChanceException += Count;
        try
        {
            peer.End(broken);
            Assert.Equal(WebSocketMessageType.Close, (await waits.WaitAsync(Patience)).MessageType);
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Count;
        }

        Assert.Equal(0, thrown);
        Assert.True(peer.Received.IsGone);
        Assert.Equal(WebSocketState.CloseReceived, peer.Socket.State);
    }

    [Theory]
    [InlineData(typeof(ConnectionResetException))]
    [InlineData(typeof(ConnectionAbortedException))]
    [InlineData(null)]
    public async Task Whatever_ends_it_before_it_is_read_ends_the_socket_by_a_close(Type? why)
    {
        var peer = new Peer();
        peer.End(why is null ? null : (Exception)Activator.CreateInstance(why, "gone")!);

        var end = await peer.Socket.ReceiveAsync(new byte[10].AsMemory(), CancellationToken.None);

        Assert.Equal(WebSocketMessageType.Close, end.MessageType);
        Assert.True(peer.Received.IsGone);
    }

    [Fact]
    public async Task Frames_that_came_before_an_end_are_read_before_it()
    {
        var peer = new Peer();
        byte[][] sent = [Hello, [], Encoding.UTF8.GetBytes(new string('x', 70_000)), Hello];
        await peer.SendAsync([.. sent.SelectMany(each => ClientFrame.Of(ClientFrame.Text, each))]);
        peer.End(null);

        foreach (var each in sent)
        {
            Assert.Equal(each, await peer.ReadAsync());
        }

        Assert.Null(await peer.ReadAsync());
        Assert.True(peer.Received.IsGone);
    }

    [Fact]
    public async Task A_connection_that_ends_within_a_frame_makes_no_frame_of_it()
    {
        var whole = ClientFrame.Of(ClientFrame.Text, Hello);
        for (var length = 1; length < whole.Length; length++)
        {
            var peer = new Peer();
            await peer.SendAsync([.. whole, .. whole[..length]]);
            peer.End(null);
            Assert.Equal(Hello, await peer.ReadAsync());

            var error = await Assert.ThrowsAsync<WebSocketException>(peer.ReadAsync);

            Assert.Equal(WebSocketError.ConnectionClosedPrematurely, error.WebSocketErrorCode);
        }
    }

    [Fact]
    public async Task A_read_that_is_called_off_leaves_what_comes_later_to_the_next()
    {
        var peer = new Peer();
        using var off = new CancellationTokenSource();
        var waits = peer.Received.ReadAsync(new byte[10], off.Token).AsTask();
        await off.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits.WaitAsync(Patience));
        waits = peer.Received.ReadAsync(new byte[10], CancellationToken.None).AsTask();
        peer.Stop();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits.WaitAsync(Patience));
        Assert.False(peer.Received.IsGone);

        await peer.SendAsync(ClientFrame.Of(ClientFrame.Text, Hello));

        Assert.Equal(Hello, await peer.ReadAsync());
    }

    [Fact]
    public async Task Who_waits_for_the_next_message_waits_while_there_is_nothing_and_no_longer()
    {
        var random = new Random(5);
        for (var run = 0; run < 200; run++)
        {
            var peer = new Peer();
            byte[][] messages =
            [
                .. Enumerable.Range(0, random.Next(1, 12))
                    .Select(_ => Bytes(random, random.Next(4) == 0 ? 5_000 : 50)),
            ];
            var reads = ReadAllAsync(peer, messages.Length);
            foreach (var piece in Pieces(random, [.. messages.SelectMany(each => Frames(random, each))]))
            {
                await peer.SendAsync(piece);
            }

            var read = await reads.WaitAsync(Patience);
            Assert.Equal(messages, read);
            Assert.True(peer.Received.IsBehind(messages.Length), $"run {run}");
            var next = peer.Stream.WaitAsync(messages.Length, CancellationToken.None).AsTask();
            Assert.False(next.IsCompleted);
            peer.End(null);
            Assert.Equal(0, await next.WaitAsync(Patience));
        }
    }

    private static async Task<List<byte[]>> ReadAllAsync(Peer peer, int count)
    {
        var read = new List<byte[]>();
        while (read.Count < count)
        {
            await peer.Stream.WaitAsync(read.Count, CancellationToken.None);
            read.Add(await peer.ReadAsync() ?? throw new InvalidOperationException("it ended"));
        }

        return read;
    }

    // A message in one frame or two, and pongs before and between, as browsers answer pings.
    private static byte[] Frames(Random random, byte[] message)
    {
        byte[] pong = random.Next(2) == 0 ? [] : ClientFrame.Of(ClientFrame.Pong, Bytes(random, 20));
        var cut = random.Next(message.Length + 1);
        return random.Next(2) == 0
            ? [.. pong, .. ClientFrame.Of(ClientFrame.Text, message)]
            :
            [
                .. ClientFrame.Of(ClientFrame.Text, message.AsSpan(..cut), isFinal: false), .. pong,
                .. ClientFrame.Of(ClientFrame.Continuation, message.AsSpan(cut..)),
            ];
    }

    private static IEnumerable<byte[]> Pieces(Random random, byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(random.Next(1, random.Next(2) == 0 ? 8 : 2_000), bytes.Length - at);
            yield return bytes[at..(at + length)];
            at += length;
        }
    }

    // Letters, because a text has to be UTF-8.
    private static byte[] Bytes(Random random, int limit) =>
        [.. Enumerable.Range(0, random.Next(limit)).Select(_ => (byte)random.Next('a', 'z'))];

    // The client's side, and the WebSocket that the server makes of what it sends.
    private sealed class Peer
    {
        private readonly Pipe connection = new(new PipeOptions(pauseWriterThreshold: 0));

        public Peer()
        {
            Received = new ReceivedFrames(connection.Reader);
            Stream = new FrameStream(System.IO.Stream.Null, null, Received, null);
            Socket = WebSocket.CreateFromStream(Stream, new WebSocketCreationOptions { IsServer = true });
        }

        public ReceivedFrames Received { get; }

        public FrameStream Stream { get; }

        public WebSocket Socket { get; }

        public async Task SendAsync(byte[] bytes)
        {
            await connection.Writer.WriteAsync(bytes, CancellationToken.None).AsTask().WaitAsync(Patience);
        }

        public void End(Exception? why) => connection.Writer.Complete(why);

        public void Stop() => connection.Reader.CancelPendingRead();

        public async Task<byte[]?> ReadAsync()
        {
            var buffer = new byte[100_000];
            for (var length = 0; ;)
            {
                var part = await Socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None).AsTask()
                    .WaitAsync(Patience);
                length += part.Count;
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    return null;
                }

                if (part.EndOfMessage)
                {
                    return buffer[..length];
                }
            }
        }
    }
}
