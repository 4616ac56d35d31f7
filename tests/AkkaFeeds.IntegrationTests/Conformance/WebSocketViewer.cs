using System.Buffers;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaFeeds.Harness;

namespace AkkaFeeds.IntegrationTests.Conformance;

/// <summary>The frames of akkafeeds.v1 over a WebSocket.</summary>
internal sealed class WebSocketViewer(Uri http, Watched watched) : Viewer(http, watched)
{
    private readonly FrameFold fold = new();

    private int opened;

    public override bool Resumes => true;

    /// <summary>How many connections a server has taken.</summary>
    public int Opened => Volatile.Read(ref opened);

    /// <summary>Waits until a server has taken so many connections.</summary>
    public Task OpenedAsync(int count, TimeSpan limit) => Waiting.ForAsync(
        () => Task.FromResult(Opened >= count ? this : null), $"{count} connections", limit,
        TimeSpan.FromMilliseconds(10));

    protected override async Task ReadAsync(CancellationToken cancellation)
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("akkafeeds.v1");
        using var invoker = SmallBuffers.Invoker();
        await socket.ConnectAsync(
            new UriBuilder(new Uri(Http, "v1/ws")) { Scheme = "ws" }.Uri, invoker, cancellation);
        Interlocked.Increment(ref opened);
        foreach (var subscribe in Watched.Keys.Select(Key).Concat(Watched.Rows is null ? [] : [Rows()]))
        {
            await socket.SendAsync(
                Encoding.UTF8.GetBytes(subscribe), WebSocketMessageType.Text, endOfMessage: true, cancellation);
        }

        while (await MessageAsync(socket, cancellation) is { } text)
        {
            await MayReadAsync();
            using var frame = JsonDocument.Parse(text);
            if (frame.RootElement.GetProperty("op").GetString() == "rows")
            {
                Show(fold.TakeRows(frame.RootElement));
            }
            else if (fold.Take(frame.RootElement) is { } change)
            {
                Show(change.Key, change.Shown);
            }

            (Resumed, Progresses) = (fold.Resumed, fold.Progresses);
        }
    }

    /// <summary>The next text; null at the end.</summary>
    internal static async Task<byte[]?> MessageAsync(ClientWebSocket socket, CancellationToken cancellation)
    {
        var message = new ArrayBufferWriter<byte>();
        while (true)
        {
            var part = await socket.ReceiveAsync(message.GetMemory(4_096), cancellation);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            message.Advance(part.Count);
            if (part.EndOfMessage)
            {
                return message.WrittenSpan.ToArray();
            }
        }
    }

    private string Key(string key)
    {
        var frame = new JsonObject { ["op"] = "subscribe", ["feed"] = Watched.Feed, ["key"] = key };
        if (fold.ResumeOf(key) is { } resume)
        {
            frame["resume"] = JsonNode.Parse(resume);
        }

        return frame.ToJsonString();
    }

    private string Rows()
    {
        var frame = new JsonObject { ["op"] = "subscribe", ["feed"] = Watched.Feed, ["keys"] = "*" };
        foreach (var (name, value) in Watched.Rows!)
        {
            frame[name] = name switch
            {
                "limit" => int.Parse(value, System.Globalization.CultureInfo.InvariantCulture),
                "fields" => new JsonArray([.. value.Split(',').Select(field => (JsonNode)field)]),
                _ => value,
            };
        }

        return frame.ToJsonString();
    }
}

/// <summary>Connections with small buffers, so that a reader that is held is felt by the server.</summary>
internal static class SmallBuffers
{
    private const int Bytes = 4_096;

    public static HttpMessageInvoker Invoker() => new(Handler());

    public static SocketsHttpHandler Handler() => new()
    {
        ConnectCallback = async (context, cancellation) =>
        {
            var tcp = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = Bytes };
            try
            {
                await tcp.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(tcp, ownsSocket: true);
            }
            catch
            {
                tcp.Dispose();
                throw;
            }
        },
    };
}
