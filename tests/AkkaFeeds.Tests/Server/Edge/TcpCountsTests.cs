using System.Net;
using System.Net.Sockets;
using AkkaFeeds.Server.Edge.Streams;
using Xunit;

namespace AkkaFeeds.Tests.Server.Edge;

public sealed class TcpCountsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(9);

    [Theory]
    [InlineData(0, 0, 1, false)] // on its way, after a quiet: a long line answers in a moment
    [InlineData(1, 0, 1, true)]
    [InlineData(0, 1, 0, false)]
    [InlineData(0, 2, 0, true)]
    [InlineData(0, 0, 0, false)] // quiet
    public void A_peer_is_dead_when_it_was_asked_more_than_once(
        int resent, int asked, long unacknowledged, bool isDead)
    {
        Assert.Equal(isDead, new TcpCounts(resent, asked, unacknowledged, Long, 0).IsDead(Limit));
        Assert.False(new TcpCounts(resent, asked, unacknowledged, Limit / 2, 0).IsDead(Limit));
    }

    [SkippableFact]
    public async Task What_the_other_end_takes_is_counted()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "only Linux counts");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndpoint).Port);
        using var server = await listener.AcceptSocketAsync();
        var before = TcpCounts.Of(server)!.Value.BytesTaken;
        await server.SendAsync(new byte[1_000]);
        await client.GetStream().ReadExactlyAsync(new byte[1_000]);
        await client.GetStream().WriteAsync(new byte[1]); // carries the acknowledgement
        await server.ReceiveAsync(new byte[1]);
        Assert.Equal(before + 1_000, TcpCounts.Of(server)!.Value.BytesTaken);
        server.Dispose();
        Assert.Null(TcpCounts.Of(server));
    }
}
