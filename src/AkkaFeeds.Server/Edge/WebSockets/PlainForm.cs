using System.Buffers;
using System.Net.WebSockets;
using System.Threading.Channels;
using AkkaFeeds.Clients;
using AkkaFeeds.Contracts;

namespace AkkaFeeds.Server.Edge.WebSockets;

/// <summary>
/// The plain form: <c>?sub=flights:ATL&amp;frames=view</c> sends each view whole, one JSON object a message, and needs
/// no code on the other side. Who reads slowly is sent the newest view only.
/// </summary>
internal static class PlainForm
{
    private const int SubsMax = 32;

    /// <summary>What a query asks for.</summary>
    /// <exception cref="ProblemException">It asks for nothing that is served.</exception>
    public static IReadOnlyList<(FeedCard Feed, KeyName Key)> Read(string query, FeedChecks feeds)
    {
        var parameters = QueryParameters.Parse(query, ["sub", "frames"], repeated: "sub");
        var subs = parameters.All("sub");
        if (parameters.Text("frames") != "view" || subs.Count is 0 or > SubsMax)
        {
            throw new ProblemException(
                ProblemCodes.BadFrame,
                "Ask for the subprotocol akkafeeds.v1, or for plain views with "
                + $"?sub=FEED:KEY&frames=view, up to {SubsMax} times sub.");
        }

        return [.. subs.Select(sub => SubscriptionText.Key(sub, feeds))];
    }

    /// <summary>Sends views until the socket ends.</summary>
    public static async Task RunAsync(
        WebSocket socket, ClientGateway gateway, IReadOnlyList<(FeedCard Feed, KeyName Key)> subs,
        CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var screens = subs.Select(sub => (sub.Feed, sub.Key, Screen: new Screen())).ToList();
        var reading = DiscardAsync(socket, ended);
        try
        {
            screens.ForEach(screen => gateway.Watch(screen.Feed.Name, screen.Key, screen.Screen));
            using var sending = new SemaphoreSlim(1, 1);
            await Task.WhenAll(screens.Select(screen => SendAsync(socket, screen.Screen, sending, ended.Token)))
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException)
        {
            // The connection is gone, or the node stops.
        }
        finally
        {
            screens.ForEach(screen => gateway.Unwatch(screen.Feed.Name, screen.Key, screen.Screen));
            await ended.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(false);
        }
    }

    private static async Task DiscardAsync(WebSocket socket, CancellationTokenSource ended)
    {
        var buffer = new byte[256];
        try
        {
            while ((await socket.ReceiveAsync(buffer.AsMemory(), ended.Token).ConfigureAwait(false)).MessageType
                != WebSocketMessageType.Close)
            {
            }
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException)
        {
            // As above.
        }

        await ended.CancelAsync().ConfigureAwait(false);
    }

    private static async Task SendAsync(
        WebSocket socket, Screen screen, SemaphoreSlim sending, CancellationToken cancellation)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        await foreach (var version in screen.Newest.ReadAllAsync(cancellation).ConfigureAwait(false))
        {
            buffer.ResetWrittenCount();
            version.View!.Write(buffer);
            await sending.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                await socket.SendAsync(buffer.WrittenMemory, WebSocketMessageType.Text, true, cancellation)
                    .ConfigureAwait(false);
            }
            finally
            {
                sending.Release();
            }
        }
    }

    private sealed class Screen : RelayMessages.IKeyScreen
    {
        private readonly Channel<ViewVersion> newest = Channel.CreateBounded<ViewVersion>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

        private ViewVersion? shown;

        public ChannelReader<ViewVersion> Newest => newest.Reader;

        public void Show(KeyView view)
        {
            if (view.Newest is { View: not null } version && !ReferenceEquals(version, shown))
            {
                shown = version;
                newest.Writer.TryWrite(version);
            }
        }
    }
}
