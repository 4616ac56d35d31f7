using System.Net;
using System.Net.Sockets;
using System.Text;
using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>
/// A stream of each kind of a peer with an address of its own, whose packets are dropped on the way from one moment
/// on: nothing is acknowledged, and no end is told.
/// </summary>
internal sealed class LostPeer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/ip";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly IPAddress address =
        new([127, 77, (byte)Random.Shared.Next(1, 255), (byte)Random.Shared.Next(1, 255)]);
    private readonly List<Socket> sockets = [];
    private bool isLost;

    private LostPeer()
    {
    }

    /// <summary>Whether this process may change where packets go.</summary>
    public static bool IsPossible =>
        OperatingSystem.IsLinux() && Environment.UserName == "root" && File.Exists(Program);

    /// <summary>How many streams it opens.</summary>
    public const int Streams = 4;

    /// <summary>
    /// Opens an event stream, a WebSocket, a plain one and one of GraphQL, and reads what comes first; the last two
    /// are told nothing while nothing changes.
    /// </summary>
    public static async Task<LostPeer> ConnectAsync(Uri http)
    {
        var peer = new LostPeer();
        await peer.OpenAsync(http, $"GET /v1/events?sub=small:K001 HTTP/1.1\r\nHost: {http.Authority}\r\n\r\n");
        await peer.OpenAsync(http, Upgrade(http, "/v1/ws", "akkafeeds.v1"));
        await peer.OpenAsync(http, Upgrade(http, "/v1/ws?sub=small:K002&frames=view", null));
        var graphQl = await peer.OpenAsync(http, Upgrade(http, "/graphql", "graphql-transport-ws"));
        await graphQl.SendAsync(RawSocket.Frame("""{"type":"connection_init"}"""));
        Assert.True(await graphQl.ReceiveAsync(new byte[4_096]).WaitAsync(Patience) > 0);
        return peer;
    }

    /// <summary>From now on no packet reaches it.</summary>
    public async Task LoseAsync()
    {
        isLost = true;
        await RouteAsync("add");
    }

    public async ValueTask DisposeAsync()
    {
        if (isLost)
        {
            await RouteAsync("del");
        }

        sockets.ForEach(socket => socket.Dispose());
    }

    private static string Upgrade(Uri http, string target, string? protocol) =>
        $"GET {target} HTTP/1.1\r\nHost: {http.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        + (protocol is null ? "\r\n" : $"Sec-WebSocket-Protocol: {protocol}\r\n\r\n");

    private async Task<Socket> OpenAsync(Uri http, string request)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        sockets.Add(socket);
        socket.Bind(new IPEndPoint(address, 0));
        await socket.ConnectAsync(http.Host, http.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        Assert.True(await socket.ReceiveAsync(new byte[4_096]).WaitAsync(Patience) > 0);
        return socket;
    }

    private async Task RouteAsync(string verb)
    {
        await using var process = ChildProcess.Start(
            Program, ["route", verb, "blackhole", $"{address}/32", "table", "local"]);
        Assert.True(await process.ExitAsync(Patience) == 0, process.Tail);
    }
}
