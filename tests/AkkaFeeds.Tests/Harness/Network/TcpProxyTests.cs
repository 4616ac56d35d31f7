using System.Net;
using System.Net.Sockets;
using AkkaFeeds.Harness;
using Xunit;

namespace AkkaFeeds.Tests.Harness.Network;

/// <summary>An injector that does nothing would prove anything: it is shown to hold, to reset and to rob.</summary>
public sealed class TcpProxyTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly TcpListener server = new(IPAddress.Loopback, 0);
    private readonly byte[] buffer = new byte[64];

    public TcpProxyTests() => server.Start();

    public void Dispose() => server.Dispose();

    [Fact]
    public async Task Bytes_pass_both_ways_and_wait_while_they_are_held()
    {
        await using var proxy = Proxy();
        var (client, accepted) = await ConnectAsync(proxy);
        using (client)
        using (accepted)
        {
            Assert.Equal("there", await SendAsync(client, accepted, "there"));
            Assert.Equal("back", await SendAsync(accepted, client, "back"));

            proxy.Hold(_ => true);
            await client.SendAsync("held"u8.ToArray());
            await Waiting.ForAsync(
                () => Task.FromResult(proxy.HeldTimes > 0 ? proxy : null), "held", Limit,
                TimeSpan.FromMilliseconds(5));
            Assert.Equal(0, accepted.Available);
            proxy.Release();
            Assert.Equal("held", await ReadAsync(accepted));
        }
    }

    [Fact]
    public async Task A_reset_ends_both_ends()
    {
        await using var proxy = Proxy();
        var (client, accepted) = await ConnectAsync(proxy);
        using (client)
        using (accepted)
        {
            await SendAsync(client, accepted, "there");
            Assert.Equal(1, proxy.Reset());
            await Assert.ThrowsAsync<SocketException>(() => ReadAsync(client));
            await Assert.ThrowsAsync<SocketException>(() => ReadAsync(accepted));
        }
    }

    [Fact]
    public async Task Only_the_connections_of_an_origin_are_held()
    {
        await using var proxy = Proxy(bytes => bytes.Length > 0 ? $"{(char)bytes[0]}" : null);
        var (held, behindHeld) = await ConnectAsync(proxy);
        var (free, behindFree) = await ConnectAsync(proxy);
        using (held)
        using (behindHeld)
        using (free)
        using (behindFree)
        {
            proxy.Hold(origin => origin == "a");
            await held.SendAsync("a"u8.ToArray());
            Assert.Equal("b", await SendAsync(free, behindFree, "b"));
            Assert.Equal(0, behindHeld.Available);
            proxy.Release();
            Assert.Equal("a", await ReadAsync(behindHeld));
        }
    }

    [Fact]
    public async Task A_commit_reaches_the_server_and_its_answer_nobody()
    {
        await using var proxy = Proxy();
        var lost = new LostAnswers(1);
        proxy.Filter = lost.Decide;
        var (client, accepted) = await ConnectAsync(proxy);
        using (client)
        using (accepted)
        {
            Assert.Equal("INSERT", await SendAsync(client, accepted, "INSERT"));
            Assert.Equal("done", await SendAsync(accepted, client, "done"));
            Assert.Equal("COMMIT\0", await SendAsync(client, accepted, "COMMIT\0"));
            await accepted.SendAsync("COMMIT\0"u8.ToArray());
            await Assert.ThrowsAsync<SocketException>(() => ReadAsync(client));
            Assert.Equal(1, lost.Taken);
        }
    }

    [Fact]
    public void The_origin_is_read_from_akkas_handshake()
    {
        // AddressData: system, hostname, port, protocol.
        byte[] bytes =
        [
            0, 0, 0, 40, 0x0A, 9, .. "akkafeeds"u8, 0x12, 9, .. "127.0.0.1"u8, 0x18, 0xD5, 0x1F, 0x22, 8,
            .. "akka.tcp"u8,
        ];
        Assert.Equal("4053", AkkaOrigin.Read(bytes));
        Assert.Null(AkkaOrigin.Read("GET / HTTP/1.1"u8));
    }

    private TcpProxy Proxy(TcpProxy.ProxyOrigin? origin = null) =>
        new(((IPEndPoint)server.LocalEndpoint).Port, origin);

    private async Task<(Socket Client, Socket Accepted)> ConnectAsync(TcpProxy proxy)
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var accepting = server.AcceptSocketAsync();
        await client.ConnectAsync(IPAddress.Loopback, proxy.Port).WaitAsync(Limit);
        return (client, await accepting.WaitAsync(Limit));
    }

    private async Task<string> SendAsync(Socket from, Socket to, string text)
    {
        await from.SendAsync(System.Text.Encoding.ASCII.GetBytes(text));
        return await ReadAsync(to);
    }

    private async Task<string> ReadAsync(Socket from)
    {
        var count = await from.ReceiveAsync(buffer).WaitAsync(Limit);
        return System.Text.Encoding.ASCII.GetString(buffer, 0, count);
    }
}
