using System.Net;
using System.Net.Sockets;
using AkkaFeeds.Harness;
using Xunit;

namespace AkkaFeeds.Tests.Harness.Processes;

public sealed class PortsTests
{
    [Fact]
    public void Ports_are_given_once_and_lie_where_no_connection_takes_one()
    {
        int[] ports = [.. Ports.Free(200), .. Ports.Free(200)];

        Assert.Equal(400, ports.Distinct().Count());
        Assert.All(ports, port => Assert.InRange(port, 10_000, 32_767));
    }

    [Fact]
    public void A_pair_is_two_free_neighbours()
    {
        var first = Ports.FreePair();

        using var one = new TcpListener(IPAddress.Loopback, first);
        using var other = new TcpListener(IPAddress.Loopback, first + 1);
        one.Start();
        other.Start();
        Assert.True(other.Server.IsBound);
    }
}
