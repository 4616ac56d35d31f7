using System.Diagnostics;
using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Edge;

/// <summary>
/// Clients that begin a frame, or a message, and send of it a little now and then (row X-06): on each kind of
/// WebSocket.
/// </summary>
internal static class SlowFrames
{
    private const int Pieces = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    // Each is answered by something, so that the server has begun with the client.
    private static readonly (string Target, string? Protocol, string First)[] Kinds =
    [
        ("/v1/ws", "akkafeeds.v1", """{"op":"subscribe","feed":"small","key":"K001"}"""),
        ("/v1/ws?sub=small:K001&frames=view", null, ""),
        ("/graphql", "graphql-transport-ws", """{"type":"connection_init"}"""),
    ];

    private static readonly Dictionary<string, byte[][]> Slow = new()
    {
        ["a frame by the byte"] = [.. RawSocket.Frame(new string(' ', Pieces)).Select(one => new[] { one })],
        ["a message by the fragment"] =
        [
            RawSocket.Frame(RawSocket.Text, " "u8, isFinal: false),
            .. Enumerable.Repeat(RawSocket.Frame(0, " "u8, isFinal: false), Pieces),
        ],
        ["half a header"] = [[0x81]],
        ["half a ping"] = [.. RawSocket.Frame(RawSocket.PingOp, new byte[Pieces]).Select(one => new[] { one })],
    };

    /// <summary>All of them: how each was closed, and after how long.</summary>
    public static IEnumerable<Task<(string Name, int? Code, TimeSpan Took)>> All(Uri http) =>
        Kinds.SelectMany(kind => Slow.Select(slow => OneAsync(http, kind, slow.Key, slow.Value)));

    private static async Task<(string Name, int? Code, TimeSpan Took)> OneAsync(
        Uri http, (string Target, string? Protocol, string First) kind, string name, byte[][] pieces)
    {
        await using var socket = await RawSocket.ConnectAsync(http, kind.Target, kind.Protocol);
        if (kind.First.Length > 0)
        {
            await socket.SendAsync(kind.First);
        }

        await socket.NextAsync();
        var watch = Stopwatch.StartNew();
        var end = socket.EndAsync();
        foreach (var piece in pieces)
        {
            if (end.IsCompleted || !await socket.SendAsync(piece))
            {
                break;
            }

            await Task.WhenAny(end, Waiting.PauseAsync(Pause));
        }

        await Task.WhenAny(end, Waiting.PauseAsync(Patience));
        return ($"{kind.Target}, {name}", end.IsCompleted ? (await end).Code : null, watch.Elapsed);
    }
}
