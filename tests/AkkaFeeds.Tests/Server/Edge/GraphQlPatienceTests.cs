using System.IO.Pipelines;
using System.Net.WebSockets;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;
using AkkaFeeds.Definitions.Files;
using AkkaFeeds.Harness;
using AkkaFeeds.Server.Edge;
using AkkaFeeds.Server.Edge.GraphQl;
using AkkaFeeds.Server.Edge.WebSockets;
using AkkaFeeds.Telemetry;
using AkkaFeeds.Tests.Clients;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

/// <summary>How long a GraphQL connection may take, by a clock that is moved: to begin, and to read.</summary>
public sealed class GraphQlPatienceTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan InitTimeout = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);
    private static readonly byte[] Acknowledged = Framed(GraphQlMessages.Acknowledged);
    private static readonly byte[] Pong = Framed(GraphQlMessages.Pong);
    private static readonly byte[] Late = FrameHeader.Close(4408, "Connection initialisation timeout");

    private readonly FakeTimeProvider clock = new();
    private readonly Pipe toServer = new();
    private readonly Pipe toClient = new(new PipeOptions(pauseWriterThreshold: 100, resumeWriterThreshold: 1));
    private readonly AcceptedSocket accepted;
    private readonly GraphQlConnection connection;
    private readonly Task running;

    public GraphQlPatienceTests()
        : base(ConfigurationFactory.ParseString($$"""
            {{ClientGateway.Dispatcher}}.type = Dispatcher
            {{ClientMailbox.Path}}.mailbox-type = "{{typeof(ClientMailbox).AssemblyQualifiedName}}"
            """))
    {
        var stream = new FrameStream(toClient.Writer.AsStream(), null, new ReceivedFrames(toServer.Reader), null);
        accepted = new AcceptedSocket(
            WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true }), stream);
        var dependencies = new ClientDependencies(
            CreateTestProbe(), new FlushTicker(TimeSpan.FromMilliseconds(100), clock, new LiveProgress()),
            new OutboxOptions(100, 500, 4_096), new BlankKeys(1, 10), new ClientMetrics(),
            _ => new FreshnessMeter(), clock, "", 3, 16_384, 100,
            (long)Slow.TotalMilliseconds, 128 * 1024);

        // Nothing is asked that a query would have to answer.
        var executer = new FeedExecuter(
            new FeedChecks([]), queries: null!, new GraphQlOptions(), NullLogger<FeedExecuter>.Instance);
        connection = new GraphQlConnection(
            accepted, executer, new ClientGateway(Sys, dependencies, 10), InitTimeout, clock);
        running = connection.RunAsync(() => Task.CompletedTask, CancellationToken.None);
    }

    [Fact]
    public async Task Who_says_nothing_is_closed_when_the_time_is_over_and_not_before()
    {
        clock.Advance(InitTimeout - Instant);
        Assert.False(toClient.Reader.TryRead(out _));
        clock.Advance(Instant);
        Assert.Equal(Late, await EndAsync());
    }

    [Fact]
    public async Task Who_sends_anything_else_is_closed_as_well()
    {
        clock.Advance(InitTimeout - Instant);
        await SendAsync("""{"type":"ping"}""");
        await ReadAsync(Pong);
        clock.Advance(Instant);
        Assert.Equal(Late, await EndAsync());
    }

    [Fact]
    public async Task Who_has_begun_in_time_is_left_alone()
    {
        clock.Advance(InitTimeout - Instant);
        await SendAsync("""{"type":"connection_init"}""");
        await ReadAsync(Acknowledged);
        await SendAsync("""{"type":"ping"}""");
        await ReadAsync(Pong);
        clock.Advance(InitTimeout);
        Assert.Empty(await EndAsync());
    }

    [Fact]
    public async Task Who_reads_none_of_its_answers_is_cut_when_slow_timeout_is_over()
    {
        await SendAsync("""{"type":"connection_init"}""");
        for (var ping = 0; ping < 20; ping++)
        {
            await SendAsync("""{"type":"ping"}""");
        }

        clock.Advance(InitTimeout);
        Assert.False(running.IsCompleted);

        // Each time that it waits for what it writes is one of them, whenever it begins.
        await AwaitConditionAsync(
            () =>
            {
                clock.Advance(Slow);
                return Task.FromResult(running.IsCompleted);
            },
            Patience);
    }

    [Fact]
    public async Task Pings_beyond_the_rate_are_not_answered()
    {
        const int Burst = 400;
        var reading = PongsAsync();
        for (var ping = 0; ping < Burst + 100; ping++)
        {
            await SendAsync("""{"type":"ping"}""");
        }

        await toServer.Writer.CompleteAsync();
        await running.WaitAsync(Patience);
        await toClient.Writer.CompleteAsync();
        Assert.Equal(Burst, await reading);

        async Task<int> PongsAsync()
        {
            using var read = new MemoryStream();
            await toClient.Reader.CopyToAsync(read, CancellationToken.None);
            return (int)read.Length / Pong.Length;
        }
    }

    protected override void Dispose(bool disposing)
    {
        connection.Dispose();
        accepted.Dispose();
        base.Dispose(disposing);
    }

    private static byte[] Framed(byte[] message)
    {
        var batch = new FrameBatch();
        batch.Add(message, FrameKind.Control);
        var frame = new byte[message.Length + FrameHeader.BytesMax];
        return frame[..FrameHeader.Frame(batch, frame)];
    }

    private async Task SendAsync(string message) =>
        await toServer.Writer.WriteAsync(
            ClientFrame.Of(ClientFrame.Text, System.Text.Encoding.UTF8.GetBytes(message)), CancellationToken.None);

    private async Task ReadAsync(byte[] expected)
    {
        var read = await toClient.Reader.ReadAtLeastAsync(expected.Length, CancellationToken.None).AsTask()
            .WaitAsync(Patience);
        Assert.Equal(expected, read.Buffer.FirstSpan.ToArray());
        toClient.Reader.AdvanceTo(read.Buffer.End);
    }

    // The client goes; what it was sent and has not read.
    private async Task<byte[]> EndAsync()
    {
        await toServer.Writer.CompleteAsync();
        await running.WaitAsync(Patience);
        await toClient.Writer.CompleteAsync();
        using var left = new MemoryStream();
        await toClient.Reader.CopyToAsync(left, CancellationToken.None);
        return left.ToArray();
    }
}
